// What the link leads to: the greeting, or what the appointment asks for before it. Without an
// appointment that could be read it is the greeting alone, and one joins.

import { undecided, viewOf } from "../state/appointment";
import { useApp } from "../ui/app";
import { Declined } from "./appointment/declined";
import { Interpreter } from "./appointment/interpreter";
import { LatePage } from "./appointment/late";
import { Cancelled, Fetching, Unreadable } from "./appointment/other";
import { Suggest } from "./appointment/suggest";
import { Thanks, Times } from "./appointment/times";
import { Greeting } from "./greeting";

export function Welcome() {
  const app = useApp();
  const { invitation } = app;
  if (!invitation) return null;
  const view = viewOf(app);
  switch (view) {
    case "cancelled":
      return <Cancelled />;
    case "unreadable":
      return <Unreadable />;
    case "times":
      return <Times />;
    case "thanks":
      return <Thanks />;
    case "suggest":
      return <Suggest />;
    case "interpreter":
      return <Interpreter />;
    case "late":
      return <LatePage />;
    case "declined":
      return <Declined />;
    case "loading":
      return undecided(invitation.state) ? <Fetching /> : <Greeting view={view} />;
    case "plain":
    case "confirm":
    case "coming":
    case "open":
      return <Greeting view={view} />;
    default: {
      const never: never = view;
      return never;
    }
  }
}

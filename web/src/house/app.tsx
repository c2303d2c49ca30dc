// Which page is shown: the one that the address asks for, or, in its place, what has to be
// done first: sign in, the second factor, the choice of role. The address stays what it was, so
// that one is back where one was without anything having to remember it.

import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { useHouse, type HousePage, type PageProps } from "./house";
import { useWords } from "./i18n/words";
import { Layout } from "./layout";
import { Column, Failed, Heading, Loading } from "./parts";
import { pressedPath } from "./router";
import { ChooseRole } from "./role";
import { homeOf } from "./sections";
import { SecondFactor, SignedOut, SignIn } from "./sign-in";
import type { Session } from "./wire";

const retryAfter = 1_000; // ms between tries to load a page

/** A page that is loaded when it is asked for; tried again as long as it is. */
function useLoaded(page: HousePage): ComponentType<PageProps> | null {
  const [loaded, setLoaded] = useState<{ readonly of: HousePage; readonly show: ComponentType<PageProps> } | null>(null);
  useEffect(() => {
    if (!page.lazy) return;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = (): void => {
      (page.show as () => Promise<ComponentType<PageProps>>)().then(
        (show) => {
          if (!gone) setLoaded({ of: page, show });
        },
        () => {
          if (!gone) timer = setTimeout(load, retryAfter);
        },
      );
    };
    load();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [page]);
  if (!page.lazy) return page.show as ComponentType<PageProps>;
  return loaded?.of === page ? loaded.show : null;
}

function Current(props: { readonly page: HousePage }) {
  const house = useHouse();
  const w = useWords();
  const Show = useLoaded(props.page);
  const { path, params, query } = house.router.place.value;
  // By path, so that another patient is another page and not the same with other data.
  return Show ? <Show key={path} params={params} query={query} /> : <Loading text={w.loading} />;
}

function NotFound() {
  const w = useWords();
  return (
    <div class="sk-stack" data-gap="5">
      <Heading>{w.notFoundHeading}</Heading>
      <p class="sk-lead">{w.notFoundText}</p>
      <p>
        <a class="ds-button" href="/">
          {w.toToday}
        </a>
      </p>
    </div>
  );
}

/** What stands in the way of the page; null: nothing. */
function Front() {
  const house = useHouse();
  const w = useWords();
  const standing = house.standing.value;
  switch (standing.kind) {
    case "opening":
      return (
        <Column>
          <Loading text={w.loading} />
        </Column>
      );
    case "failed":
      return (
        <Column>
          <Heading>{w.service}</Heading>
          <Failed error={standing.error} again={() => house.open()} />
        </Column>
      );
    case "out":
      return standing.why === "self" ? <SignedOut /> : <SignIn why={standing.why} />;
    case "in":
      if (standing.session.stage === "code") return <SecondFactor />;
      if (standing.session.stage === "role") return <ChooseRole />;
      return null;
    default: {
      const never: never = standing;
      return never;
    }
  }
}

/** Whose page it is: another person, or another role, begins anew. */
const owner = (session: Session): string => `${session.person.id} ${session.act?.assignment ?? ""} ${session.handle}`;

export function HouseApp() {
  const house = useHouse();
  const language = house.language.value;
  const standing = house.standing.value;
  const place = house.router.place.value;
  const full = standing.kind === "in" && standing.session.stage === "full" ? standing.session : null;
  const behind = full ?? house.held.value;

  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => window.scrollTo(0, 0), [place.path]);
  useEffect(() => {
    const press = (event: MouseEvent): void => {
      const path = pressedPath(event, location.origin, house.router.knows);
      if (path === null) return;
      event.preventDefault();
      house.router.go(path);
    };
    document.addEventListener("click", press);
    return () => document.removeEventListener("click", press);
  }, [house]);

  // Someone who is in has nothing to do at the door.
  const atDoor = full !== null && place.path === "/sign-in";
  useEffect(() => {
    if (atDoor) house.router.go(homeOf(full), "replace");
  }, [atDoor, full, house]);

  if (place.page?.needs === "nobody" && place.path !== "/sign-in") return <Current page={place.page} />;
  return (
    <>
      {full === null && <Front />}
      {behind && (
        <div hidden={full === null} inert={full === null} key={owner(behind)}>
          {place.page?.bare ? <Current page={place.page} /> : <Layout>{place.page ? <Current page={place.page} /> : <NotFound />}</Layout>}
        </div>
      )}
    </>
  );
}

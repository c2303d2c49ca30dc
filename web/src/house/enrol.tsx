// A new member of staff's way in, and the way back for someone who has lost theirs: a password,
// an authenticator app, and the first code from it. The link's token stands in the fragment, so
// that no log sees it.

import { encode } from "uqr"; // small, without dependencies, and draws nothing by itself
import { useMemo } from "preact/hooks";
import { Icon } from "../ui/icon";
import { ApiError } from "./client";
import { CodeField, codeOf, FormProblem, PasswordField, SubmitButton, useForm, type Errors } from "./form";
import { useAsked } from "./asked";
import { useHouse } from "./house";
import { useWords, type HouseWords } from "./i18n/words";
import { Column, Heading, Loading } from "./parts";
import { passwordRules, type PasswordRule } from "./password";
import { codeIsWrong, problemWords } from "./problems";
import type { Enrolment } from "./wire";

const tokenLength = 22; // 128 bits in base64url

/** A QR code as one path, a unit to each module. */
function QR(props: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => {
    const code = encode(props.text, { ecc: "M", border: 4 /* ISO/IEC 18004 §5.3.8 */ });
    const path = code.data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
    return { size: code.size, path };
  }, [props.text]);
  return (
    <svg class="sk-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={props.label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function Rules(props: { readonly met: Readonly<Record<PasswordRule, boolean>> }) {
  const w = useWords();
  const words: Record<PasswordRule, string> = { length: w.ruleLength, variety: w.ruleVariety, email: w.ruleEmail };
  return (
    <span class="sk-rules">
      {w.rulesTitle}
      {(Object.keys(words) as PasswordRule[]).map((rule) => (
        <span key={rule} class="sk-rules__one" data-met={props.met[rule] || undefined}>
          {props.met[rule] ? <Icon name="check" size="xs" /> : <span class="sk-rules__dot" />}
          {words[rule]}
          {props.met[rule] && <span class="ds-sr-only">, {w.ruleMet}</span>}
        </span>
      ))}
    </span>
  );
}

/** "JBSW Y3DP …": a key that is typed is read in groups. */
const grouped = (secret: string): string => secret.replace(/(.{4})(?=.)/g, "$1 ");

/** What is said beside a field that the service found wrong. */
function wordsFor(w: HouseWords, err: unknown, field: string): string | undefined {
  if (codeIsWrong(err)) return w.codeWrong;
  if (field !== "password" || !(err instanceof ApiError)) return undefined;
  return err.problem?.rule?.includes("common") ? w.passwordCommon : w.passwordRules;
}

function Enrol(props: { readonly token: string; readonly enrolment: Enrolment }) {
  const house = useHouse();
  const w = useWords();
  const { name, email, secret, uri } = props.enrolment;
  const form = useForm({
    initial: { password: "", code: "" },
    check(v) {
      const errors: Errors<typeof v> = {};
      if (Object.values(passwordRules(v.password, email)).includes(false)) errors.password = w.passwordRules;
      if (codeOf(v.code) === "") errors.code = w.codeShort;
      return errors;
    },
    async send(v) {
      const session = await house.api("POST /enrolment/finish", { body: { token: props.token, password: v.password, code: codeOf(v.code) } });
      house.router.go("/", "replace"); // the token goes with the address
      house.signedIn(session);
    },
    fieldFor: (named, err) => (codeIsWrong(err) ? "code" : named),
    wordsFor: (err, field) => wordsFor(w, err, field),
  });
  return (
    <Column>
      <div class="sk-stack" data-gap="3">
        <Heading>{w.enrolTitle(name)}</Heading>
        <p class="sk-lead">{w.enrolText}</p>
      </div>
      <form class="sk-form" noValidate ref={form.ref} onSubmit={form.submit} data-testid="enrol">
        <div class="sk-field">
          <span class="sk-field__label">{w.enrolAccount}</span>
          <span data-testid="email">{email}</span>
          {/* So that a password manager keeps the address with the password. */}
          <input type="email" name="email" value={email} autoComplete="username" readOnly hidden />
        </div>
        <PasswordField {...form.text("password")} label={w.newPassword} help={<Rules met={passwordRules(form.values.password, email)} />} autoComplete="new-password" testid="password" />
        <p class="sk-subtle sk-small">{w.ruleTip}</p>
        <section class="sk-stack sk-enrol__app" aria-labelledby="app">
          <h2 class="ds-heading" data-size="xs" id="app">
            {w.appTitle}
          </h2>
          <p>{w.appText}</p>
          <QR text={uri} label={w.appImage} />
          {/* A telephone can't scan its own screen. */}
          <a class="sk-link sk-touch" data-side="start" href={uri} data-testid="app-here">
            {w.appHere}
          </a>
          <p class="sk-small">
            <span class="sk-subtle">{w.appSecret}:</span>
            <br />
            <code class="sk-secret" data-testid="secret">
              {grouped(secret)}
            </code>
          </p>
        </section>
        <CodeField {...form.text("code")} label={w.appCode} />
        <FormProblem form={form} />
        <SubmitButton form={form} large testid="enrol-go">
          {w.finish}
        </SubmitButton>
      </form>
    </Column>
  );
}

/** A link that leads nowhere: what to do instead. */
function Closed(props: { readonly text: string; readonly again?: () => void }) {
  const w = useWords();
  return (
    <Column>
      <div class="sk-stack" data-gap="3">
        <Heading>{w.enrolClosed}</Heading>
        <p class="sk-lead">{props.text}</p>
      </div>
      <p class="sk-row sk-wrap">
        {props.again && (
          <button class="ds-button" type="button" onClick={props.again}>
            {w.tryAgain}
          </button>
        )}
        <a class="ds-button" data-variant="secondary" href="/sign-in">
          {w.signIn}
        </a>
      </p>
    </Column>
  );
}

export function EnrolPage() {
  const house = useHouse();
  const w = useWords();
  const token = house.router.place.value.fragment;
  const whole = token.length === tokenLength;
  const asking = useAsked(async () => (whole ? house.api("POST /enrolment", { body: { token } }) : null), [token]);
  const { asked, again } = asking;
  if (!whole) return <Closed text={w.enrolLink} />;
  if (asked.status === "ready" && asked.value) return <Enrol token={token} enrolment={asked.value} />;
  if (asked.status === "failed") {
    const code = asked.error instanceof ApiError ? asked.error.code : "internal";
    const final = code.startsWith("link-") || code === "invalid";
    return final ? <Closed text={w.enrolExpired} /> : <Closed text={problemWords(w, asked.error)} again={again} />;
  }
  return (
    <Column>
      <Heading>{w.enrolOpening}</Heading>
      <Loading text={w.enrolOpening} />
    </Column>
  );
}

// The door: e-mail and password, then the code of the second factor. What is wrong is said
// the same way whether or not there is such an account.

import { ApiError } from "./client";
import { CodeField, codeOf, FormProblem, PasswordField, SubmitButton, TextField, useForm } from "./form";
import { useHouse } from "./house";
import { useWords } from "./i18n/words";
import { Column, Heading } from "./parts";
import { codeIsWrong } from "./problems";

export function SignIn(props: { readonly why: "new" | "ended" }) {
  const house = useHouse();
  const w = useWords();
  const form = useForm({
    initial: { email: "", password: "" },
    check: (v) => ({ ...(v.email.trim() === "" ? { email: w.emailMissing } : {}), ...(v.password === "" ? { password: w.passwordMissing } : {}) }),
    send: async (v) => house.signedIn(await house.api("POST /session", { body: { email: v.email.trim(), password: v.password } })),
    fieldFor: () => "", // which of the two is wrong is not told
  });
  const title = props.why === "ended" ? w.endedTitle : w.signInTitle;
  const text = props.why === "new" ? w.signInText : house.held.value ? w.heldText : w.endedText;
  return (
    <Column>
      <div class="sk-stack" data-gap="3">
        <Heading>{title}</Heading>
        <p class="sk-lead">{text}</p>
      </div>
      <form class="sk-form" noValidate ref={form.ref} onSubmit={form.submit} data-testid="sign-in">
        <TextField {...form.text("email")} label={w.email} type="email" autoComplete="username" autoCapitalize="none" spellcheck={false} maxLength={254} testid="email" />
        <PasswordField {...form.text("password")} label={w.password} autoComplete="current-password" testid="password" />
        <FormProblem form={form} words={(words, err) => (err instanceof ApiError && err.code === "invalid" ? words.signInWrong : undefined)} />
        <SubmitButton form={form} large testid="sign-in-go">
          {w.signIn}
        </SubmitButton>
      </form>
      <p class="sk-column__foot">{w.lostAccess}</p>
    </Column>
  );
}

export function SecondFactor() {
  const house = useHouse();
  const w = useWords();
  const form = useForm({
    initial: { code: "" },
    check: (v): { code?: string } => (codeOf(v.code) === "" ? { code: w.codeShort } : {}),
    send: async (v) => {
      try {
        house.signedIn(await house.api("POST /session/code", { body: { code: codeOf(v.code) } }));
      } catch (err) {
        form.set("code", "");
        throw err;
      }
    },
    fieldFor: (named, err) => (codeIsWrong(err) ? "code" : named),
    wordsFor: (err) => (codeIsWrong(err) ? w.codeWrong : undefined),
  });
  return (
    <Column>
      <div class="sk-stack" data-gap="3">
        <Heading>{w.codeTitle}</Heading>
        <p class="sk-lead">{w.codeText}</p>
      </div>
      <form class="sk-form" noValidate ref={form.ref} onSubmit={form.submit} data-testid="second-factor">
        <CodeField {...form.text("code")} label={w.code} />
        <FormProblem form={form} />
        <SubmitButton form={form} large testid="code-go">
          {w.goOn}
        </SubmitButton>
      </form>
      <p class="sk-column__foot">
        <button class="sk-link" data-side="start" type="button" onClick={() => void house.signOut().catch(() => undefined)}>
          {w.otherPerson}
        </button>
      </p>
    </Column>
  );
}

export function SignedOut() {
  const house = useHouse();
  const w = useWords();
  return (
    <Column>
      <div class="sk-stack" data-gap="3">
        <Heading>{w.signedOutTitle}</Heading>
        <p class="sk-lead">{w.signedOutText}</p>
      </div>
      <p>
        <button class="ds-button sk-main-button" type="button" data-testid="sign-in-again" onClick={() => void house.open()}>
          {w.signInAgain}
        </button>
      </p>
    </Column>
  );
}

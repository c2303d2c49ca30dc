// Chat: to all in the call. What is written offline is kept and sent later.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { clock, useWords } from "../../i18n/i18n";
import { useApp, useController } from "../../ui/app";
import { Icon } from "../../ui/icon";

const longest = 2000; // characters; signaling/protocol ChatMessage.Text

export function Chat(props: { readonly focus: boolean }) {
  const controller = useController();
  const app = useApp();
  const w = useWords();
  const [text, setText] = useState("");
  const log = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const chat = app.call?.chat ?? [];
  const count = chat.length;

  // Whoever looks at the chat has read it.
  useEffect(() => {
    controller.openChat(true);
    return () => controller.openChat(false);
  }, [controller]);
  useEffect(() => {
    if (props.focus) field.current?.focus();
  }, [props.focus]);
  useLayoutEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [count]);

  const send = () => {
    const trimmed = text.trim();
    if (trimmed === "") return;
    controller.sendChat(trimmed.slice(0, longest));
    setText("");
    field.current?.focus({ preventScroll: true });
  };
  const offline = !app.connection.online || (app.connection.status !== "ok" && app.connection.status !== "idle");

  return (
    <div class="sk-chat">
      <div ref={log} class="sk-chat__log" role="log" aria-label={w.chatLog} tabIndex={0}>
        {count === 0 && <p class="sk-chat__empty">{w.chatEmpty}</p>}
        {chat.map((line) => (
          <div key={line.id} class="sk-chat__line" data-own={line.own || undefined} data-testid="chat-line" data-pending={line.pending || undefined}>
            <span class="sk-chat__who">
              {line.pending ? (offline ? w.sentLater : w.sending) : line.own ? w.youAt(clock(w, line.at)) : w.chatFrom(line.name, clock(w, line.at))}
            </span>
            <p>{line.text}</p>
          </div>
        ))}
      </div>
      <form
        class="sk-chat__form"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          ref={field}
          class="sk-input"
          rows={1}
          maxLength={longest}
          aria-label={w.writeMessage}
          placeholder={w.writeMessage}
          data-testid="chat-text"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
          }}
        />
        <button class="ds-button" type="submit" data-testid="chat-send">
          <Icon name="send" size="sm" />
          {w.send}
        </button>
      </form>
    </div>
  );
}

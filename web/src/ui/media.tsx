// The only elements that play pictures and sound. What plays in them is the controller's.

import { useLayoutEffect, useRef } from "preact/hooks";
import { useController } from "./app";

/** A live picture. It fills its frame; the frame says whose it is. */
export function Video(props: {
  readonly participant: string;
  readonly source: "camera" | "second";
  readonly label: string;
  readonly mirror?: boolean;
  readonly hidden?: boolean;
}) {
  const controller = useController();
  const ref = useRef<HTMLVideoElement>(null);
  const { participant, source } = props;
  useLayoutEffect(() => (ref.current ? controller.attachVideo(ref.current, participant, source) : undefined), [controller, participant, source]);
  return (
    <video
      ref={ref}
      autoplay
      playsInline
      muted // sound comes from Sound, so that no one is heard twice
      disablePictureInPicture
      aria-label={props.label}
      data-mirror={props.mirror || undefined}
      data-hidden={props.hidden || undefined}
    />
  );
}

/** A participant's sound. */
export function Sound(props: { readonly participant: string; readonly name: string; readonly role: string }) {
  const controller = useController();
  const ref = useRef<HTMLAudioElement>(null);
  const { participant } = props;
  useLayoutEffect(() => (ref.current ? controller.attachAudio(ref.current, participant) : undefined), [controller, participant]);
  return <audio ref={ref} autoplay data-testid="tile-audio" data-participant={participant} data-name={props.name} data-role={props.role} />;
}

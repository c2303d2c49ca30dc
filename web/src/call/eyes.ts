// How a video element is seen: is it on the screen, and how many pixels does it get.

export interface Seen {
  readonly visible: boolean;
  readonly width: number; // device pixels
  readonly height: number;
}

/** Watches an element until the returned function is called; tells at once, and at each change. */
export type Watch = (el: HTMLVideoElement, tell: (seen: Seen) => void) => () => void;

/** Rounded up, so that a window that is dragged does not ask for a new size at each pixel. */
const step = 16;

/** The browser's observers. An element that is not laid out (display: none) counts as not seen. */
export const watchElement: Watch = (el, tell) => {
  let onScreen = true; // until the observer has looked: a tile is attached to be seen
  const now = () => {
    const box = el.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    const pixels = (n: number) => Math.min(Math.ceil((n * ratio) / step) * step, 16_384);
    tell({
      visible: onScreen && document.visibilityState === "visible" && box.width > 0,
      width: pixels(box.width),
      height: pixels(box.height),
    });
  };
  const seen = new IntersectionObserver((entries) => {
    onScreen = entries.at(-1)?.isIntersecting ?? onScreen;
    now();
  });
  const sized = new ResizeObserver(now);
  seen.observe(el);
  sized.observe(el);
  document.addEventListener("visibilitychange", now);
  now();
  return () => {
    seen.disconnect();
    sized.disconnect();
    document.removeEventListener("visibilitychange", now);
  };
};

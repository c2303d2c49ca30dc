import { expect, test } from "vitest";
import { Pictures } from "./pictures";

const soon = (): Promise<void> => new Promise((done) => setImmediate(done));

/** A service with photos, and the URLs that the page has of them. */
function shown(answer: (path: string) => Promise<Blob> = () => Promise.resolve(new Blob(["a photo"]))) {
  const asked: string[] = [];
  const open = new Set<string>();
  let n = 0;
  const pictures = new Pictures({
    patient: "olav/1",
    fetch: (path) => (asked.push(path), answer(path)),
    urls: { create: () => (open.add(`blob:${++n}`), `blob:${n}`), revoke: (url) => void open.delete(url) },
  });
  return { pictures, asked, open };
}

test("a photo is fetched once for all who show it, by its own address", async () => {
  const { pictures, asked } = shown();
  const a = pictures.hold("p1", "thumbnail");
  const b = pictures.hold("p1", "thumbnail");
  await soon();
  expect(asked).toEqual(["/patients/olav%2F1/photos/p1/thumbnail"]);
  expect(a.value).toEqual({ state: "ready", url: "blob:1" });
  expect(b.value).toBe(a.value);
});

test("a large one is given back when the last one puts it away", async () => {
  const { pictures, open } = shown();
  pictures.hold("p1", "image");
  pictures.hold("p1", "image");
  await soon();
  pictures.release("p1", "image");
  expect(open.size).toBe(1);
  pictures.release("p1", "image");
  expect(open.size).toBe(0);
});

test("small ones are kept for a while, and not without end", async () => {
  const { pictures, open, asked } = shown();
  for (let i = 0; i < 50; i++) {
    pictures.hold(`p${i}`, "thumbnail");
    await soon();
    pictures.release(`p${i}`, "thumbnail");
  }
  expect(open.size).toBe(30);
  pictures.hold("p49", "thumbnail");
  await soon();
  expect(asked).toHaveLength(50); // still there
  pictures.close();
  expect(open.size).toBe(0);
});

test("one that comes after it was put away leaves nothing behind", async () => {
  let come: (b: Blob) => void = () => undefined;
  const { pictures, open } = shown(() => new Promise((done) => (come = done)));
  pictures.hold("p1", "image");
  await soon();
  pictures.release("p1", "image");
  come(new Blob(["late"]));
  await soon();
  expect(open.size).toBe(0);
});

test("one that failed says so, and comes when it is tried again", async () => {
  let network = false;
  const { pictures } = shown(() => (network ? Promise.resolve(new Blob(["a photo"])) : Promise.reject(new TypeError("network"))));
  const picture = pictures.hold("p1", "thumbnail");
  await soon();
  expect(picture.value.state).toBe("failed");
  network = true;
  pictures.again("p1", "thumbnail");
  await soon();
  expect(picture.value.state).toBe("ready");
});

test("never more than four come at the same time, and the others follow", async () => {
  const going: ((b: Blob) => void)[] = [];
  const { pictures, asked } = shown(() => new Promise((done) => going.push(done)));
  const all = Array.from({ length: 10 }, (_, i) => pictures.hold(`p${i}`, "thumbnail"));
  await soon();
  expect(asked).toHaveLength(4);
  while (going.length > 0) {
    going.shift()!(new Blob(["a photo"]));
    await soon();
  }
  expect(all.every((p) => p.value.state === "ready")).toBe(true);
});

import { describe, expect, test } from "vitest";
import { createRouter, match, type Bar } from "./router";

/** A history without a browser; walking it is told at once. */
function history(start: string) {
  const entries = [{ path: start, index: 0 }];
  let at = 0;
  let tell: () => void = () => undefined;
  const bar: Bar = {
    here: () => entries[at]?.path ?? "",
    index: () => entries[at]?.index ?? 0,
    push(path, index) {
      entries.splice(++at, Infinity, { path, index });
    },
    replace(path, index) {
      entries[at] = { path, index };
    },
    go(by) {
      at += by;
      tell();
    },
    onWalk(fn) {
      tell = fn;
      return () => {
        tell = () => undefined;
      };
    },
  };
  return { bar, back: () => bar.go(-1), forward: () => bar.go(1), paths: () => entries.map((e) => e.path) };
}

const routes = [
  ["/", "day"],
  ["/patients", "list"],
  ["/patients/new", "new"],
  ["/patients/{id}", "patient"],
] as const;

function open(path: string) {
  const h = history(path);
  const router = createRouter<string>(h.bar, routes);
  router.start();
  return { router, ...h };
}

describe("an address", () => {
  test.each([
    ["/", "day", {}],
    ["/patients", "list", {}],
    ["/patients/", "list", {}],
    ["/patients/new", "new", {}],
    ["/patients/p%C3%A5", "patient", { id: "på" }],
    ["/patients/%", null, {}],
    ["/patients/p1/x", null, {}],
    ["/nothing", null, {}],
  ] as const)("%s leads to %s", (path, page, params) => {
    const { place } = open(path).router;
    expect([place.value.page, place.value.params]).toEqual([page, params]);
  });

  test("keeps its query and its fragment apart from its path", () => {
    const { path, query, fragment } = open("/?date=2026-11-24#abc").router.place.value;
    expect([path, query.get("date"), fragment]).toEqual(["/", "2026-11-24", "abc"]);
  });

  test("with an empty part is no page's", () => {
    expect(match("/patients/{id}", "/patients/")).toBeNull();
  });
});

describe("moving", () => {
  test("leaves a trace that back and forward follow", () => {
    const { router, back, forward } = open("/");
    router.go("/patients");
    router.go("/patients/p1");
    back();
    expect(router.place.value.page).toBe("list");
    back();
    expect(router.place.value.page).toBe("day");
    forward();
    expect(router.place.value.page).toBe("list");
  });

  test("can take the place of where one was", () => {
    const { router, paths } = open("/role");
    router.go("/", "replace");
    expect(paths()).toEqual(["/"]);
  });
});

describe("what is unsaved", () => {
  test("holds a press up until someone has answered", () => {
    const { router } = open("/patients/p1");
    const release = router.guard();
    router.go("/patients");
    expect([router.place.value.page, router.heldUp.value]).toEqual(["patient", "/patients"]);
    router.answer(false);
    expect([router.place.value.page, router.heldUp.value]).toEqual(["patient", null]);
    router.go("/patients");
    router.answer(true);
    expect(router.place.value.page).toBe("list");
    release();
  });

  test("holds back up too, and the address stays the page's", () => {
    const { router, back, bar } = open("/");
    router.go("/patients/p1");
    router.guard();
    back();
    expect([router.place.value.page, bar.here(), router.heldUp.value]).toEqual(["patient", "/patients/p1", "/"]);
    router.answer(true);
    expect([router.place.value.page, bar.here()]).toEqual(["day", "/"]);
    router.go("/patients"); // the page that held it up is gone
    expect(router.place.value.page).toBe("list");
  });

  test("lets moves pass when it is saved", () => {
    const { router } = open("/patients/p1");
    const release = router.guard();
    expect(router.guarded()).toBe(true);
    release();
    router.go("/patients");
    expect([router.guarded(), router.place.value.page]).toEqual([false, "list"]);
  });
});

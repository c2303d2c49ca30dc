import { describe, expect, it } from "vitest";
import { browserOf } from "../devices/browser";
import type { Browser } from "../state/state";
import { classify } from "./failure";
import { deviceWords } from "./i18n/words";
import { supportOf } from "./support";

const agents: Readonly<Record<string, string>> = {
  chromeAndroid: "Mozilla/5.0 (Linux; Android 14; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
  iPad: "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1",
  firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
};

describe("where there is no Bluetooth", () => {
  it.each<[Browser, string]>([
    ["safari-ios", "apple"], ["chrome-ios", "apple"], ["firefox-android", "android"], ["samsung", "android"], ["chrome-android", "android"], ["in-app", "in-app"],
    ["safari", "computer"], ["firefox", "computer"], ["chrome", "computer"], ["edge", "computer"], ["other", "computer"],
  ])("%s is told as on: %s", (browser, support) => expect(supportOf({ bluetooth: false, secure: true }, browser)).toBe(support));

  it("an insecure page is told first", () => expect(supportOf({ bluetooth: false, secure: false }, "chrome-android")).toBe("insecure"));
  it("a browser that has it is never judged by its name", () => expect(supportOf({ bluetooth: true, secure: true }, "samsung")).toBe("ready"));

  it("Chrome on Android is what to use, in each language, on an iPad and in Firefox", () => {
    expect(browserOf(agents["chromeAndroid"]!, true)).toBe("chrome-android");
    for (const [agent, touch] of [[agents["iPad"]!, true], [agents["firefox"]!, false]] as const) {
      const support = supportOf({ bluetooth: false, secure: true }, browserOf(agent, touch));
      if (support === "ready") throw new Error("has none");
      for (const w of Object.values(deviceWords)) expect(w.withoutBluetooth[support].text).toMatch(/Chrome.*Android/);
    }
  });
});

describe("the browser's errors", () => {
  const err = (name: string, message = "") => Object.assign(new Error(message), { name });
  it.each([
    [err("NetworkError", "Connection attempt failed."), "out-of-reach"],
    [err("NetworkError", "GATT Server is disconnected. Cannot retrieve services."), "out-of-reach"],
    [err("TimeoutError"), "out-of-reach"],
    [err("InvalidStateError", "Characteristic with UUID … is no longer valid."), "out-of-reach"],
    [err("NotSupportedError", "GATT Error: Not paired."), "pairing"],
    [err("NetworkError", "Authentication canceled."), "pairing"],
    [err("NotSupportedError", "GATT Error: Not Authorized."), "pairing"],
    [err("NotFoundError", "No Services found in device."), "no-service"],
    [err("SecurityError", "Origin is not allowed to access any service."), "not-allowed"],
    [err("NotSupportedError", "GATT Error Unknown."), "unknown"],
    ["what is no error", "unknown"],
    [null, "unknown"],
  ])("%s is %s", (error, failure) => expect(classify(error)).toBe(failure));
});

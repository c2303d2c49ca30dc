// A network of its own for one browser: a namespace joined to this one by a cable (veth),
// with addresses that are for documentation (RFC 5737). Needs root, and fails without it: a
// call that only ever ran over loopback has not been tried.

import { execFileSync } from "node:child_process";
import { defer, onExit } from "./cleanup.mjs";

const ip = (...args) => execFileSync("ip", args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });

/** Makes a namespace and takes it away when the test ends. Returns its name and both addresses. */
export function makeNamespace(t) {
  // Two runs on one machine must not take each other's; 15 letters are what a cable's name may have.
  const id = `sk${(process.pid % 0x10000).toString(36)}${Math.floor(Math.random() * 36 ** 3).toString(36)}`;
  const [near, far] = [`${id}a`, `${id}b`];
  const net = 4 * Math.floor(Math.random() * 64); // one of the 64 nets of four addresses in 203.0.113.0/24
  const [here, there] = [`203.0.113.${net + 1}`, `203.0.113.${net + 2}`];
  let gone = false;
  const remove = () => {
    if (gone) return;
    gone = true;
    forget();
    ip("netns", "del", id); // the cable goes with it
  };
  ip("netns", "add", id);
  const forget = onExit(remove);
  defer(t, remove);
  ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", id);
  // No link-local addresses: they come a second later, and to a browser that is another network.
  ip("link", "set", near, "addrgenmode", "none");
  ip("-n", id, "link", "set", far, "addrgenmode", "none");
  ip("addr", "add", `${here}/30`, "dev", near);
  ip("link", "set", near, "up");
  ip("-n", id, "addr", "add", `${there}/30`, "dev", far);
  ip("-n", id, "link", "set", far, "up");
  ip("-n", id, "link", "set", "lo", "up");
  ip("-n", id, "route", "add", "default", "via", here);
  return {
    name: id,
    here,
    there,
    /** Swallows every packet of a kind, "udp" or "tcp", that the browser sends, as a firewall that answers nothing. */
    swallow: (kind) => ip("-n", id, "rule", "add", "pref", "1", "ipproto", kind, "blackhole"),
    pass: (kind) => ip("-n", id, "rule", "del", "pref", "1", "ipproto", kind, "blackhole"),
    /** Pulls the cable out, or puts it back. */
    cable: (up) => ip("link", "set", near, up ? "up" : "down"),
  };
}

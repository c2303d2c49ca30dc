package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/httpapi"
)

// thingsAPI is a description with one of each kind of operation.
const thingsAPI = `{
	"paths": {
		"/api/v1/things": {
			"get": {"summary": "All things.", "parameters": [{"name": "cursor", "in": "query"}, {"name": "Samkonsult-Session", "in": "header"}],
				"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Things"}}}}, "default": {}}},
			"post": {"parameters": [{"name": "Idempotency-Key", "in": "header"}],
				"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
				"responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}
		},
		"/api/v1/things/{id}": {
			"delete": {"parameters": [{"name": "If-Match", "in": "header"}], "responses": {"204": {}}}
		},
		"/api/v1/token": {
			"post": {"requestBody": {"content": {"application/x-www-form-urlencoded": {}}}, "responses": {"200": {"content": {"application/json": {"schema": {"type": "string"}}}}}}
		},
		"/api/v1/audit": {"get": {"responses": {"200": {}}}}
	},
	"components": {"schemas": {
		"Problem": {"properties": {"code": {"type": "string"}}, "required": ["code"]},
		"Things": {"properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}, "required": ["items"]},
		"Thing": {"properties": {
			"id": {"type": "string", "readOnly": true},
			"kind": {"$ref": "#/components/schemas/Kind", "description": "what it is"},
			"size": {"type": "string", "enum": ["small", "large"]},
			"count": {"type": "integer"},
			"in": {"oneOf": [{"$ref": "#/components/schemas/Box"}, {"type": "null"}]}
		}, "required": ["id", "kind", "size", "in"]},
		"Box": {"properties": {"open": {"type": "boolean"}}, "required": ["open"]},
		"Kind": {"type": "string", "enum": ["tool", "toy"]}
	}}
}`

func TestOperationsBecomeTypesWithChecks(t *testing.T) {
	var doc document
	if err := json.Unmarshal([]byte(thingsAPI), &doc); err != nil {
		t.Fatal(err)
	}
	out, err := writeAPI(doc)
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	for _, want := range []string{
		"  /** All things. */\n  'GET /things': { body: null; answer: Things; query: 'cursor' }\n",
		"  'POST /things': { body: Omit<Thing, 'id'>; answer: Thing; query: never }\n",
		"  'DELETE /things/{id}': { body: null; answer: null; query: never }\n",
		"new Set<OperationName>([\n  'POST /things',\n])",
		"new Set<OperationName>([\n  'DELETE /things/{id}',\n])",
		"  count?: number\n", "  in: Box | null\n", "  /** what it is */\n  kind: Kind\n", "  size: 'small' | 'large'\n",
		"export type Kind = (typeof kindValues)[number]",
		"  in: orNull(checkBox),\n", "  size: oneOf(['small', 'large']),\n", "  count: optional(whole),\n", "  items: list(checkThing),\n",
		"  'DELETE /things/{id}': nothing,\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	for _, machines := range []string{"/token", "/audit"} {
		if strings.Contains(text, machines) {
			t.Errorf("%s is generated, which no page asks for", machines)
		}
	}
}

func TestASchemaThatTypeScriptCantSayIsAnError(t *testing.T) {
	doc := document{}
	if err := json.Unmarshal([]byte(strings.Replace(thingsAPI, `{"type": "integer"}`, `{"type": "object"}`, 1)), &doc); err != nil {
		t.Fatal(err)
	}
	if _, err := writeAPI(doc); err == nil || !strings.Contains(err.Error(), "Thing.count") {
		t.Errorf("writeAPI = %v", err)
	}
}

func TestTheTableOfRightsIsWrittenWhole(t *testing.T) {
	text := string(generateAccess())
	for _, want := range []string{
		"    'patient.read': [['same-organisation'], ['agreement', 'consent'], ['participant'], ['emergency']],\n",
		"    'emergency.open': [[]],\n", "export function may(",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
}

// described reads the API's own description.
func described(t *testing.T) document {
	t.Helper()
	text, err := httpapi.Description()
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestEnumerationsNameEveryConstant(t *testing.T) {
	doc := described(t)
	for dir, prefix := range map[string]string{"../../internal/httpapi": "", "../../signaling/protocol": "Call"} {
		p, err := readPackage(dir)
		if err != nil {
			t.Fatal(err)
		}
		for name, e := range p.enums {
			s := doc.Components.Schemas[prefix+name]
			if s == nil && prefix == "" && len(e.values) > 0 {
				t.Errorf("%s is not among the known enumerations", name)
			}
			if s == nil {
				continue // of the call alone
			}
			for _, v := range e.values {
				if !slices.Contains(s.Enum, v.value) {
					t.Errorf("%s: %q is not in the description", name, v.value)
				}
			}
			if len(s.Enum) != len(e.values) {
				t.Errorf("%s has %d values, and the description %d", name, len(e.values), len(s.Enum))
			}
		}
	}
}

func TestTheDescriptionPointsToNothingThatIsNotThere(t *testing.T) {
	text, err := httpapi.Description()
	if err != nil {
		t.Fatal(err)
	}
	var head struct {
		OpenAPI    string `json:"openapi"`
		Components map[string]map[string]any
	}
	if err := json.Unmarshal(text, &head); err != nil || head.OpenAPI != "3.1.0" {
		t.Fatalf("OpenAPI %q, %v", head.OpenAPI, err)
	}
	for _, ref := range regexp.MustCompile(`"\$ref": "#/components/(\w+)/(\w+)"`).FindAllStringSubmatch(string(text), -1) {
		if head.Components[ref[1]][ref[2]] == nil {
			t.Errorf("%s is not there", ref[0])
		}
	}
	doc, ids := described(t), map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if op.OperationID == "" || ids[op.OperationID] || op.Summary == "" {
				t.Errorf("%s %s is called %q, and must have a name of its own and a summary", method, path, op.OperationID)
			}
			ids[op.OperationID] = true
			if op.Responses["default"] == nil {
				t.Errorf("%s %s doesn't say how it fails", method, path)
			}
		}
	}
}

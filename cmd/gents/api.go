package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/samkonsult/samkonsult/internal/httpapi"
)

// document is what is read of an OpenAPI document (version 3.1).
type document struct {
	Paths      map[string]map[string]apiOperation `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

type apiOperation struct {
	OperationID string                 `json:"operationId"`
	Summary     string                 `json:"summary"`
	Parameters  []apiParameter         `json:"parameters"`
	RequestBody *apiContent            `json:"requestBody"`
	Responses   map[string]*apiContent `json:"responses"`
}

type apiParameter struct {
	Name string `json:"name"`
	In   string `json:"in"`
}

type apiContent struct {
	Content map[string]struct {
		Schema *schema `json:"schema"`
	} `json:"content"`
}

// json is the content's schema, where it is JSON.
func (c *apiContent) json() *schema {
	if c == nil {
		return nil
	}
	return c.Content["application/json"].Schema
}

// picture says whether the content is a picture, as the page has it from its camera.
func (c *apiContent) picture() bool {
	if c == nil {
		return false
	}
	_, ok := c.Content["image/jpeg"]
	return ok
}

type schema struct {
	Ref                  string             `json:"$ref"`
	Type                 any                `json:"type"` // a name, or ["string", "null"]
	Description          string             `json:"description"`
	Enum                 []string           `json:"enum"`
	Items                *schema            `json:"items"`
	OneOf                []*schema          `json:"oneOf"`
	Properties           map[string]*schema `json:"properties"`
	Required             []string           `json:"required"`
	ReadOnly             bool               `json:"readOnly"`
	AdditionalProperties json.RawMessage    `json:"additionalProperties"`
}

// named is the name of what the schema points to; empty: it says itself what it is.
func (s *schema) named() string { return strings.TrimPrefix(s.Ref, "#/components/schemas/") }

// apiWriter collects the types that the operations mention, each after those that it mentions.
type apiWriter struct {
	schemas map[string]*schema
	types   bytes.Buffer
	checks  bytes.Buffer
	done    map[string]bool // by name; with a check or without
	checked map[string]bool
}

// generateAPI gives web/src/gen/api.ts.
func generateAPI() ([]byte, error) {
	text, err := httpapi.Description()
	if err != nil {
		return nil, err
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	return writeAPI(doc)
}

func writeAPI(doc document) ([]byte, error) {
	w := &apiWriter{schemas: doc.Components.Schemas, done: map[string]bool{}, checked: map[string]bool{}}
	var operations, answers, creating, changing bytes.Buffer
	// The error's body has a check too, whoever mentions it.
	if err := w.structType("Problem", true); err != nil {
		return nil, err
	}
	for _, path := range sortedKeys(doc.Paths) {
		for _, method := range slices.SortedFunc(maps.Keys(doc.Paths[path]), byMethod) {
			op := doc.Paths[path][method]
			name := strings.ToUpper(method) + " " + strings.TrimPrefix(path, "/api/v1")
			answer, isPage := op.answer()
			if !isPage {
				continue
			}
			if err := w.operation(&operations, &answers, name, op, answer); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			for _, p := range op.Parameters {
				switch p.Name {
				case "Idempotency-Key":
					fmt.Fprintf(&creating, "  '%s',\n", name)
				case "If-Match":
					fmt.Fprintf(&changing, "  '%s',\n", name)
				}
			}
		}
	}
	var out bytes.Buffer
	out.WriteString(apiHeader)
	out.Write(w.types.Bytes())
	fmt.Fprintf(&out, "%s\nexport interface Operations {\n%s}\n\n", operationsDoc, operations.String())
	out.WriteString("export type OperationName = keyof Operations\n\n")
	fmt.Fprintf(&out, "/** Those that create: they take an Idempotency-Key, so that a second try creates nothing twice. */\nexport const creating: ReadonlySet<OperationName> = /* @__PURE__ */ new Set<OperationName>([\n%s])\n\n", creating.String())
	fmt.Fprintf(&out, "/** Those that change a version: they need If-Match. */\nexport const changing: ReadonlySet<OperationName> = /* @__PURE__ */ new Set<OperationName>([\n%s])\n\n", changing.String())
	out.WriteString(usedCombinators(w.checks.String() + answers.String()))
	out.Write(w.checks.Bytes())
	out.WriteString("\nexport function isProblem(x: unknown): x is Problem {\n  return checkProblem(x)\n}\n")
	fmt.Fprintf(&out, "\nconst answers: Record<OperationName, Guard> = {\n%s}\n%s", answers.String(), apiGuards)
	return out.Bytes(), nil
}

// usedCombinators are those that the checks mention: TypeScript refuses constants that nobody reads.
func usedCombinators(checks string) string {
	all := strings.ReplaceAll(combinators+"const nothing: Check = (x) => x === null\n", "Check", "Guard") // an agreement has a Check
	blocks := strings.Split(all, "\nconst ")
	out := blocks[0] + "\n" // their type
	for _, block := range blocks[1:] {
		name, _, _ := strings.Cut(strings.ReplaceAll(block, " ", ":"), ":")
		if regexp.MustCompile(`\b` + name + `\b`).MatchString(checks) {
			out += "const " + strings.TrimSpace(block) + "\n"
		}
	}
	return out + "\n"
}

// answer is the schema of a good answer, nil where there is none. Operations that a page
// doesn't call are left out: those with a form, and those that stream.
func (op apiOperation) answer() (s *schema, isPage bool) {
	if op.RequestBody != nil && op.RequestBody.json() == nil && !op.RequestBody.picture() {
		return nil, false
	}
	for status, response := range op.Responses {
		if strings.HasPrefix(status, "2") {
			return response.json(), status == "204" || response.json() != nil
		}
	}
	return nil, false
}

// byMethod sorts reading before writing.
func byMethod(a, b string) int {
	order := []string{"get", "post", "put", "delete"}
	return cmp.Compare(slices.Index(order, a), slices.Index(order, b))
}

func (w *apiWriter) operation(types, answers *bytes.Buffer, name string, op apiOperation, answer *schema) error {
	out, check := "null", "nothing"
	if answer != nil {
		var err error
		if out, check, err = w.typ(answer, true); err != nil {
			return err
		}
	}
	body := "null"
	if in := op.RequestBody.json(); in != nil {
		var err error
		if body, _, err = w.typ(in, false); err != nil {
			return err
		}
		body = w.writable(in, body)
	}
	if op.RequestBody.picture() {
		body = "Blob"
	}
	var query []string
	for _, p := range op.Parameters {
		if p.In == "query" {
			query = append(query, "'"+p.Name+"'")
		}
	}
	if len(query) == 0 {
		query = []string{"never"}
	}
	comment(types, "  ", op.Summary)
	fmt.Fprintf(types, "  '%s': { body: %s; answer: %s; query: %s }\n", name, body, out, strings.Join(query, " | "))
	fmt.Fprintf(answers, "  '%s': %s,\n", name, check)
	return nil
}

// writable is a body without what the server works out by itself.
func (w *apiWriter) writable(s *schema, ts string) string {
	of := w.schemas[s.named()]
	if of == nil {
		return ts
	}
	var own []string
	for _, name := range sortedKeys(of.Properties) {
		if of.Properties[name].ReadOnly {
			own = append(own, "'"+name+"'")
		}
	}
	if len(own) == 0 {
		return ts
	}
	return "Omit<" + ts + ", " + strings.Join(own, " | ") + ">"
}

// structType prints an interface, or the values of an enumeration, and its check where the page receives it.
func (w *apiWriter) structType(name string, check bool) error {
	if w.done[name] && (w.checked[name] || !check) {
		return nil
	}
	first := !w.done[name]
	w.done[name], w.checked[name] = true, check
	s := w.schemas[name]
	if s == nil {
		return fmt.Errorf("no schema is called %s", name)
	}
	if len(s.Enum) > 0 {
		if first {
			w.enum(name, s)
		}
		return nil
	}
	var body, checks bytes.Buffer
	for _, prop := range sortedKeys(s.Properties) {
		p := s.Properties[prop]
		ts, checked, err := w.typ(p, check)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", name, prop, err)
		}
		mark := ""
		if !slices.Contains(s.Required, prop) {
			mark, checked = "?", "optional("+checked+")"
		}
		comment(&body, "  ", p.Description)
		fmt.Fprintf(&body, "  %s%s: %s\n", prop, mark, ts)
		fmt.Fprintf(&checks, "  %s: %s,\n", prop, checked)
	}
	if first {
		comment(&w.types, "", s.Description)
		fmt.Fprintf(&w.types, "export interface %s {\n%s}\n\n", name, body.String())
	}
	if check {
		fmt.Fprintf(&w.checks, "const %s = /* @__PURE__ */ shape({\n%s})\n", checkName(name), checks.String())
	}
	return nil
}

// enum prints the values as an array and their type as the union of them.
func (w *apiWriter) enum(name string, s *schema) {
	fmt.Fprintf(&w.types, "/** All of {@link %s}. */\nexport const %s = [\n", name, valuesName(name))
	for _, v := range s.Enum {
		fmt.Fprintf(&w.types, "  '%s',\n", v)
	}
	fmt.Fprintf(&w.types, "] as const\nexport type %s = (typeof %s)[number]\n\n", name, valuesName(name))
}

// typ gives a schema as TypeScript and as the expression that checks it.
func (w *apiWriter) typ(s *schema, check bool) (ts, checked string, err error) {
	if name := s.named(); name != "" {
		if err := w.structType(name, check); err != nil {
			return "", "", err
		}
		if len(w.schemas[name].Enum) > 0 {
			return name, "oneOf(" + valuesName(name) + ")", nil
		}
		return name, checkName(name), nil
	}
	if len(s.OneOf) == 2 && s.OneOf[1].Type == "null" {
		ts, checked, err = w.typ(s.OneOf[0], check)
		return ts + " | null", "orNull(" + checked + ")", err
	}
	if len(s.Enum) > 0 {
		values := "'" + strings.Join(s.Enum, "' | '") + "'"
		return values, "oneOf([" + strings.ReplaceAll(values, " | ", ", ") + "])", nil
	}
	if of, ok := s.Type.([]any); ok && len(of) == 2 && of[1] == "null" { // of [name, "null"]
		plain := *s
		plain.Type = of[0]
		ts, checked, err = w.typ(&plain, check)
		return ts + " | null", "orNull(" + checked + ")", err
	}
	switch s.Type {
	case "string":
		return "string", "text", nil
	case "integer":
		return "number", "whole", nil
	case "number":
		return "number", "number", nil
	case "boolean":
		return "boolean", "truth", nil
	case "array":
		if ts, checked, err = w.typ(s.Items, check); err != nil {
			return "", "", err
		}
		if strings.Contains(ts, " ") {
			ts = "(" + ts + ")"
		}
		return ts + "[]", "list(" + checked + ")", nil
	}
	return "", "", fmt.Errorf("a schema of type %v is not supported", s.Type)
}

const apiHeader = `// Code generated by cmd/gents from the API's OpenAPI document. DO NOT EDIT.
//
// Operations says of each operation, by method and path under /api/v1, what its body and
// its answer are and which parameters its query may have; the names in {} of its path are
// its path's. isAnswer checks an answer at run time, so that the page refuses what it does
// not know instead of drawing it: fields may be added, but not missing or of another kind.
// A body needs no fields that the server works out; it may have them.

`

const operationsDoc = `/** Every operation that a page may ask for. null: no body, or no answer (204). */`

const apiGuards = `
/** Says whether x is what the operation answers with; null where it answers with nothing. */
export function isAnswer<Name extends OperationName>(name: Name, x: unknown): x is Operations[Name]['answer'] {
  return answers[name](x)
}
`

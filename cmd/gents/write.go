package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// writer collects the types reached from the roots and prints them.
type writer struct {
	pkgs    map[string]*pkg // by name
	done    map[string]bool
	ifaces  bytes.Buffer // interfaces and unions, in the order in which they are reached
	enums   bytes.Buffer
	checks  bytes.Buffer
	message map[string]bool // structs that carry their name in "type"
	checked map[string]bool // structs that the page receives, and so gets a check for
}

func generate(root string) ([]byte, error) {
	protocol, err := readPackage(filepath.Join(root, "signaling/protocol"))
	if err != nil {
		return nil, err
	}
	api, err := readPackage(filepath.Join(root, "internal/httpapi"))
	if err != nil {
		return nil, err
	}
	w := &writer{
		pkgs: map[string]*pkg{protocol.name: protocol, api.name: api},
		done: map[string]bool{}, message: map[string]bool{}, checked: map[string]bool{},
	}
	client, server, bodies := names(fromPage), names(fromServer), names(httpBodies)
	for _, n := range slices.Concat(client, server) {
		w.message[n] = true
	}
	// What the page receives comes first, so that everything below it gets its check too.
	for _, n := range server {
		if err := w.structType(protocol, n, true); err != nil {
			return nil, err
		}
	}
	for _, n := range bodies {
		if err := w.structType(api, n, n != "OpenLink"); err != nil {
			return nil, err
		}
	}
	for _, n := range client {
		if err := w.structType(protocol, n, false); err != nil {
			return nil, err
		}
	}
	for _, n := range sortedKeys(protocol.structs) {
		if !w.done[n] && len(protocol.structs[n].fields) > 0 {
			return nil, fmt.Errorf("protocol.%s is reached from no message: add it to the roots", n)
		}
	}

	var out bytes.Buffer
	out.WriteString(header)
	comment(&out, "", protocol.docs["Version"])
	fmt.Fprintf(&out, "export const version = %s\n\n", protocol.numbers["Version"])
	out.WriteString("/** Websocket close codes (RFC 6455 §7.4.2: 4000–4999 are for the application). */\nexport const closeCodes = {\n")
	for _, n := range sortedKeys(protocol.numbers) {
		if short, ok := strings.CutPrefix(n, "Close"); ok {
			comment(&out, "  ", protocol.docs[n])
			fmt.Fprintf(&out, "  %s: %s,\n", lowerFirst(short), protocol.numbers[n])
		}
	}
	out.WriteString("} as const\n\n")
	out.Write(w.enums.Bytes())
	out.Write(w.ifaces.Bytes())
	union(&out, "ClientMessage", "Everything that the page may say on the websocket.", client)
	union(&out, "ServerMessage", "Everything that the server may say on the websocket.", server)
	out.WriteString(combinators)
	out.Write(w.checks.Bytes())
	out.WriteString("const serverMessages: Record<ServerMessage['type'], Check> = {\n")
	for _, n := range server {
		fmt.Fprintf(&out, "  %s: %s,\n", typeName(n), checkName(n))
	}
	out.WriteString("}\n")
	out.WriteString(guards)
	for _, n := range bodies {
		if w.checked[n] {
			fmt.Fprintf(&out, "\nexport function is%s(x: unknown): x is %s {\n  return %s(x)\n}\n", n, n, checkName(n))
		}
	}
	return out.Bytes(), nil
}

// structType prints an interface, and its check when the page receives it, after all that it mentions.
func (w *writer) structType(p *pkg, name string, check bool) error {
	if w.done[name] {
		return nil
	}
	w.done[name] = true
	w.checked[name] = check
	s := p.structs[name]
	if s == nil {
		return fmt.Errorf("%s.%s: no such struct", p.name, name)
	}
	var body, checks bytes.Buffer
	if w.message[name] {
		fmt.Fprintf(&body, "  type: '%s'\n", typeName(name))
	}
	for _, f := range s.fields {
		if w.message[name] && f.json == "type" {
			return fmt.Errorf("%s: a message's field can't be called type", name)
		}
		expr, pointer := f.typ, false
		if star, ok := expr.(*ast.StarExpr); ok {
			expr, pointer = star.X, true
		}
		ts, checked, err := w.typ(s.pkg, expr, check)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", name, f.json, err)
		}
		mark := ""
		switch {
		case f.optional: // a nil pointer is left out and never written as null
			mark, checked = "?", "optional("+checked+")"
		case pointer:
			ts, checked = ts+" | null", "orNull("+checked+")"
		}
		comment(&body, "  ", f.doc)
		fmt.Fprintf(&body, "  %s%s: %s\n", f.json, mark, ts)
		fmt.Fprintf(&checks, "  %s: %s,\n", f.json, checked)
	}
	comment(&w.ifaces, "", s.doc)
	fmt.Fprintf(&w.ifaces, "export interface %s {\n%s}\n\n", name, body.String())
	if check {
		fmt.Fprintf(&w.checks, "const %s = shape({\n%s})\n", checkName(name), checks.String())
	}
	return nil
}

// typ gives a Go type as TypeScript and as the expression that checks it.
func (w *writer) typ(p *pkg, expr ast.Expr, check bool) (ts, checked string, err error) {
	switch t := expr.(type) {
	case *ast.ArrayType:
		ts, checked, err = w.typ(p, t.Elt, check)
		return ts + "[]", "list(" + checked + ")", err
	case *ast.SelectorExpr:
		other := w.pkgs[t.X.(*ast.Ident).Name]
		if other == nil {
			return "", "", fmt.Errorf("a type of package %s is not known here", t.X)
		}
		return w.typ(other, t.Sel, check)
	case *ast.Ident:
		switch t.Name {
		case "string":
			return "string", "text", nil
		case "bool":
			return "boolean", "truth", nil
		case "int", "int32", "int64", "uint16", "uint32":
			return "number", "whole", nil
		case "float64":
			return "number", "number", nil
		}
		if e := p.enums[t.Name]; e != nil {
			if len(e.values) == 0 {
				return "", "", fmt.Errorf("%s has no constants", t.Name)
			}
			w.enum(e)
			return e.name, "oneOf(" + valuesName(e.name) + ")", nil
		}
		if p.structs[t.Name] != nil {
			return t.Name, checkName(t.Name), w.structType(p, t.Name, check)
		}
	}
	return "", "", fmt.Errorf("%s: a type of this kind is not supported", types.ExprString(expr))
}

// enum prints the values as an array and their type as the union of them.
func (w *writer) enum(e *enumType) {
	if w.done[e.name] {
		return
	}
	w.done[e.name] = true
	fmt.Fprintf(&w.enums, "/** All of {@link %s}. */\nexport const %s = [\n", e.name, valuesName(e.name))
	for _, v := range e.values {
		comment(&w.enums, "  ", v.doc)
		fmt.Fprintf(&w.enums, "  '%s',\n", v.value)
	}
	w.enums.WriteString("] as const\n")
	comment(&w.enums, "", e.doc)
	fmt.Fprintf(&w.enums, "export type %s = (typeof %s)[number]\n\n", e.name, valuesName(e.name))
}

func union(out *bytes.Buffer, name, doc string, members []string) {
	comment(out, "", doc)
	fmt.Fprintf(out, "export type %s =\n  | %s\n\n", name, strings.Join(members, "\n  | "))
}

func comment(out *bytes.Buffer, indent, doc string) {
	if doc == "" {
		return
	}
	lines := strings.Split(strings.ReplaceAll(doc, "*/", "*\\/"), "\n")
	if len(lines) == 1 {
		fmt.Fprintf(out, "%s/** %s */\n", indent, lines[0])
		return
	}
	fmt.Fprintf(out, "%s/**\n", indent)
	for _, l := range lines {
		out.WriteString(strings.TrimRight(indent+" * "+l, " ") + "\n")
	}
	fmt.Fprintf(out, "%s */\n", indent)
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func checkName(goName string) string  { return "check" + goName }
func valuesName(goName string) string { return lowerFirst(goName) + "Values" }

const header = `// Code generated by cmd/gents from signaling/protocol and internal/httpapi. DO NOT EDIT.
// What the server may send is checked at run time, so that the page refuses what it does
// not know instead of drawing it: fields may be added, but not missing or of another kind.

`

const combinators = `type Check = (x: unknown) => boolean
const text: Check = (x) => typeof x === 'string'
const truth: Check = (x) => typeof x === 'boolean'
const whole: Check = (x) => Number.isSafeInteger(x)
const number: Check = (x) => Number.isFinite(x)
const oneOf =
  (values: readonly string[]): Check =>
  (x) =>
    values.includes(x as string)
const list =
  (item: Check): Check =>
  (x) =>
    Array.isArray(x) && x.every((v) => item(v))
const optional =
  (present: Check): Check =>
  (x) =>
    x === undefined || present(x)
const orNull =
  (present: Check): Check =>
  (x) =>
    x === null || present(x)
const shape =
  (fields: Record<string, Check>): Check =>
  (x) =>
    typeof x === 'object' &&
    x !== null &&
    Object.entries(fields).every(([name, check]) => check((x as Record<string, unknown>)[name]))

`

const guards = `
/** Says whether x is a message of this protocol version: a known type with its fields. */
export function isServerMessage(x: unknown): x is ServerMessage {
  if (typeof x !== 'object' || x === null) return false
  const type = (x as { type?: unknown }).type
  return typeof type === 'string' && Object.hasOwn(serverMessages, type) && serverMessages[type as ServerMessage['type']](x)
}
`

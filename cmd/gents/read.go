package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// pkg is what the generator needs to know of a Go package, read from its source.
type pkg struct {
	name    string
	structs map[string]*structType
	enums   map[string]*enumType
	numbers map[string]string // untyped whole-number constants, as written in TypeScript
	docs    map[string]string // of those constants
}

type structType struct {
	pkg    *pkg
	name   string
	doc    string
	fields []field
}

type field struct {
	json     string // name on the wire
	doc      string
	optional bool // omitempty: the field may be absent
	typ      ast.Expr
}

type enumType struct {
	name   string
	doc    string
	values []enumValue // in the order of the source
}

type enumValue struct{ value, doc string }

// readPackage reads the Go files of a folder, tests left out.
func readPackage(dir string) (*pkg, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	p := &pkg{
		structs: map[string]*structType{}, enums: map[string]*enumType{},
		numbers: map[string]string{}, docs: map[string]string{},
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, e := range entries { // sorted by name
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, filepath.Join(dir, e.Name()), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		p.name = f.Name.Name
		files = append(files, f)
	}
	// Types before constants: a constant is an enum's value only where its type is known.
	for _, f := range files {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				if err := p.readTypes(g); err != nil {
					return nil, fmt.Errorf("%s: %w", fset.Position(g.Pos()), err)
				}
			}
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
				if err := p.readConstants(g); err != nil {
					return nil, fmt.Errorf("%s: %w", fset.Position(g.Pos()), err)
				}
			}
		}
	}
	return p, nil
}

func (p *pkg) readTypes(g *ast.GenDecl) error {
	for _, s := range g.Specs {
		spec := s.(*ast.TypeSpec)
		if !spec.Name.IsExported() {
			continue
		}
		doc := text(spec.Doc, g.Doc)
		switch t := spec.Type.(type) {
		case *ast.StructType:
			st := &structType{pkg: p, name: spec.Name.Name, doc: doc}
			for _, f := range t.Fields.List {
				if err := st.addField(f); err != nil {
					return err
				}
			}
			p.structs[st.name] = st
		case *ast.Ident:
			if t.Name == "string" {
				p.enums[spec.Name.Name] = &enumType{name: spec.Name.Name, doc: doc}
			}
		}
	}
	return nil
}

// addField takes in the fields that encoding/json would write; those without a json tag
// are not meant for the wire and are left out.
func (s *structType) addField(f *ast.Field) error {
	if f.Tag == nil {
		return nil
	}
	raw, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return err
	}
	tag, given := reflect.StructTag(raw).Lookup("json")
	name, options, _ := strings.Cut(tag, ",")
	if !given || name == "-" || len(f.Names) == 0 && name == "" {
		return nil
	}
	if name == "" || len(f.Names) != 1 {
		return fmt.Errorf("%s: one field a line, with its JSON name", s.name)
	}
	s.fields = append(s.fields, field{
		json: name, doc: text(f.Doc, f.Comment), typ: f.Type,
		optional: strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero"),
	})
	return nil
}

func (p *pkg) readConstants(g *ast.GenDecl) error {
	for _, s := range g.Specs {
		spec := s.(*ast.ValueSpec)
		for i, name := range spec.Names {
			if !name.IsExported() || i >= len(spec.Values) {
				continue
			}
			lit, ok := spec.Values[i].(*ast.BasicLit)
			if !ok {
				continue
			}
			typ, _ := spec.Type.(*ast.Ident)
			switch {
			case typ == nil && lit.Kind == token.INT:
				p.numbers[name.Name] = lit.Value
				doc := text(spec.Doc, spec.Comment)
				if doc == "" && len(g.Specs) == 1 {
					doc = text(g.Doc)
				}
				p.docs[name.Name] = doc
			case typ != nil && lit.Kind == token.STRING && p.enums[typ.Name] != nil:
				v, err := strconv.Unquote(lit.Value)
				if err != nil {
					return err
				}
				e := p.enums[typ.Name]
				e.values = append(e.values, enumValue{v, text(spec.Doc, spec.Comment)})
			}
		}
	}
	return nil
}

// text is the first of the comments that says anything, without its markers.
func text(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if t := strings.TrimSpace(g.Text()); t != "" {
			return t
		}
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

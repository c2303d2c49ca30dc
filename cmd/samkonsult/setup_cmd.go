package main

import (
	"errors"
	"flag"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/signaling/cluster"
)

const setupHelp = `samkonsult setup --organisation NAME --kind hospital|municipality|gp --phone NUMBER --name NAME --email ADDRESS
                 [--number ORGANISATION-NUMBER] [--language nn|nb|en]
samkonsult setup --recover --email ADDRESS

Makes the file of secrets and the database where they are missing, the organisation that hosts the
service, and its first administrator, and prints the link with which they choose a password. The link
is good for a day; the same command prints a new one until it has been used. --recover prints one for
an administrator who has lost password or authenticator and has no colleague to ask; the audit record
tells of it. Stop the service for it.

The settings of samkonsult serve (--db, --keys-db, --keys, --data, --public-url, --config) say where.
`

func (c command) setup() int {
	var o identity.Organisation
	var admin identity.Staff
	var lost bool
	flags := func(fs *flag.FlagSet) {
		fs.StringVar(&o.Name, "organisation", "", "")
		fs.StringVar((*string)(&o.Kind), "kind", "", "")
		fs.StringVar(&o.Number, "number", "", "")
		fs.StringVar(&o.Phone, "phone", "", "")
		fs.StringVar(&admin.Name, "name", "", "")
		fs.StringVar(&admin.Email, "email", "", "")
		fs.StringVar(&admin.Language, "language", "nn", "")
		fs.BoolVar(&lost, "recover", false, "")
	}
	return c.run(setupHelp, flags, func(s settings) (err error) {
		if s.Demo {
			return &FieldError{"demo", "needs no setup"}
		}
		if s.PublicURL == "" {
			return &FieldError{"public-url", "is required: the link begins with it"}
		}
		if _, err := s.keyring(true); err != nil {
			return err
		}
		checked, err := check(s.Config)
		if err != nil {
			return err
		}
		h, err := openHouse(c.ctx, checked, s.PublicURL, cluster.NewMemory())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, h.close()) }()
		if lost {
			admin, err = h.staff(c.ctx, admin.Email)
		} else {
			_, admin, err = h.found(c.ctx, o, admin)
		}
		if err != nil {
			return err
		}
		link, err := h.gate.FoundingLink(c.ctx, admin, lost)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "%s chooses a password here, within a day:\n\n  %s\n", admin.Name, link)
		return nil
	})
}

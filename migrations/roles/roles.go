// Package roles makes the two databases and the roles that may enter them: one per service, each with the least rights, none
// of them able to connect to the other database. It is the part of the migrations that needs an administrator; the rest runs
// as the owners made here.
//
// Passwords lie in one file per role, made on first use. Roles belong to a whole database server: two installations on one
// server must share the directory of secrets.
package roles

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/jagawarga/jagawarga/internal/process"
)

// The roles of the core database, then those of the identity database.
const (
	Owner     = "jagawarga_owner"     // migrations
	Server    = "jagawarga_server"    // acts for whoever is signed in
	Public    = "jagawarga_public"    // sees public rows alone
	Ingest    = "jagawarga_ingest"    // takes submissions in, carries events out
	Escalator = "jagawarga_escalator" // moves what is due
	Notifier  = "jagawarga_notifier"  // tells people

	IdentityOwner = "jagawarga_identity_owner" // migrations
	Identity      = "jagawarga_identity"
)

var (
	coreRoles     = []string{Owner, Server, Public, Ingest, Escalator, Notifier}
	identityRoles = []string{IdentityOwner, Identity}
)

// Databases are core and identity on one database server, and where the passwords of their roles lie. The zero value is not
// usable; a copy is as good as the original.
type Databases struct {
	server   url.URL // scheme, host and options; the user is set for each role
	core     string
	identity string
	secrets  string
	alone    bool // the server has no other databases worth the name
}

// At says that an administrator has given a server: core is the database that the URL names, identity is called the same
// with _identity behind it. Passwords lie in secrets/db.
func At(databaseURL, secrets string) (Databases, error) {
	server, name, err := parse(databaseURL)
	if err != nil {
		return Databases{}, err
	}
	return Databases{server: server, core: name, identity: name + "_identity", secrets: secrets}, nil
}

// Private says that the server is ours alone: its databases are core and identity, whatever the URL names,
// and no role of ours may enter any other.
func Private(databaseURL, secrets string) (Databases, error) {
	server, _, err := parse(databaseURL)
	if err != nil {
		return Databases{}, err
	}
	return Databases{server: server, core: "core", identity: "identity", secrets: secrets, alone: true}, nil
}

// URL is how role connects to its own database. Its password is made if there is none yet.
func (d Databases) URL(role string) (string, error) {
	password, err := process.Password(d.secrets, "db/"+role)
	if err != nil {
		return "", err
	}
	return d.with(url.UserPassword(role, password), d.databaseOf(role)), nil
}

// Address is the core database without user and password, for files that tell where things are.
func (d Databases) Address() string { return d.with(nil, d.core) }

func (d Databases) databaseOf(role string) string {
	for _, known := range identityRoles {
		if role == known {
			return d.identity
		}
	}
	return d.core
}

func (d Databases) with(user *url.Userinfo, database string) string {
	u := d.server
	u.User, u.Path = user, "/"+database
	return u.String()
}

// parse splits off the database and forgets user and password, wherever the URL has them. Error texts never hold the URL.
func parse(databaseURL string) (server url.URL, database string, err error) {
	u, err := url.Parse(databaseURL)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return url.URL{}, "", fmt.Errorf("the database must be given as postgres://user:password@host:port/name")
	}
	database = strings.TrimPrefix(u.Path, "/")
	if database == "" {
		return url.URL{}, "", fmt.Errorf("the database URL names no database: postgres://user:password@host:port/name")
	}
	query := u.Query()
	query.Del("user")
	query.Del("password")
	return url.URL{Scheme: u.Scheme, Host: u.Host, RawQuery: query.Encode()}, database, nil
}

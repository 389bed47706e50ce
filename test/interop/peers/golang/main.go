// The Go peer: ioctl tokens by iotex-antenna-go's jwt package, RS256 by the golang-jwt it stands on.
// Usage: driver version | driver mint FOLDER... | driver verify FOLDER... (see docs/interop.md).
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	gojwt "github.com/golang-jwt/jwt"
	"github.com/iotexproject/go-pkgs/crypto"
	antenna "github.com/iotexproject/iotex-antenna-go/v2/jwt"
)

// What antenna's SignJWT takes of the claims; it sets iss itself.
type ioctlClaims struct {
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
	Subject   string `json:"sub"`
	Scope     string `json:"scope"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "version" {
		fmt.Println(version())
		return
	}
	if len(os.Args) < 3 {
		fail(errors.New("usage: driver version | mint FOLDER... | verify FOLDER..."))
	}
	for _, folder := range os.Args[2:] {
		var err error
		if os.Args[1] == "mint" {
			err = mintAll(folder)
		} else {
			err = verifyAll(folder)
		}
		if err != nil {
			fail(err)
		}
	}
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	parts := []string{}
	for _, module := range info.Deps {
		if module.Path == "github.com/iotexproject/iotex-antenna-go/v2" {
			parts = append(parts, "iotex-antenna-go "+strings.TrimPrefix(module.Version, "v"))
		}
		if module.Path == "github.com/golang-jwt/jwt" {
			parts = append(parts, "golang-jwt "+strings.TrimPrefix(strings.TrimSuffix(module.Version, "+incompatible"), "v"))
		}
	}
	return strings.Join(parts, ", ")
}

func mintAll(folder string) error {
	sign, err := signer(folder)
	if err != nil {
		return err
	}
	lines := readLines(filepath.Join(folder, "claims.jsonl"))
	tokens := make([]string, len(lines))
	for at, line := range lines {
		if tokens[at], err = sign(line); err != nil {
			return err
		}
	}
	return writeLines(filepath.Join(folder, "tokens"), tokens)
}

func signer(folder string) (func(string) (string, error), error) {
	if readText(folder, "profile") == "ioctl" {
		key, err := crypto.HexStringToPrivateKey(readText(folder, "private.hex"))
		if err != nil {
			return nil, err
		}
		return func(line string) (string, error) {
			claims := ioctlClaims{}
			if err := json.Unmarshal([]byte(line), &claims); err != nil {
				return "", err
			}
			return antenna.SignJWT(claims.IssuedAt, claims.ExpiresAt, claims.Subject, claims.Scope, key)
		}, nil
	}
	method := gojwt.GetSigningMethod(readText(folder, "algorithm"))
	if method == nil {
		return nil, errors.New("an algorithm that golang-jwt doesn't know")
	}
	key, err := gojwt.ParseRSAPrivateKeyFromPEM([]byte(readText(folder, "private.pem")))
	if err != nil {
		return nil, err
	}
	return func(line string) (string, error) {
		claims := gojwt.MapClaims{}
		// As numbers, so that they stay as they were written.
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.UseNumber()
		if err := decoder.Decode(&claims); err != nil {
			return "", err
		}
		return gojwt.NewWithClaims(method, claims).SignedString(key)
	}, nil
}

func verifyAll(folder string) error {
	check, err := verifier(folder)
	if err != nil {
		return err
	}
	tokens := readLines(filepath.Join(folder, "tokens"))
	answers := make([]string, len(tokens))
	for at, token := range tokens {
		answers[at] = "true"
		if err := guarded(check, token); err != nil {
			answers[at] = "false " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
	}
	return writeLines(filepath.Join(folder, "accepted"), answers)
}

// VerifyJWT panics on some issuers; that is a refusal here, and told as one.
func guarded(check func(string) error, token string) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return check(token)
}

func verifier(folder string) (func(string) error, error) {
	if readText(folder, "profile") == "ioctl" {
		issuer := readText(folder, "issuer")
		return func(token string) error {
			// Any self-made key verifies: whom to trust is the caller's to say.
			read, err := antenna.VerifyJWT(token)
			if err == nil && read.Issuer != issuer {
				err = errors.New("another issuer")
			}
			return err
		}, nil
	}
	key, err := gojwt.ParseRSAPublicKeyFromPEM([]byte(readText(folder, "public.pem")))
	if err != nil {
		return nil, err
	}
	parser := &gojwt.Parser{ValidMethods: []string{readText(folder, "algorithm")}}
	return func(token string) error {
		_, err := parser.Parse(token, func(*gojwt.Token) (interface{}, error) { return key, nil })
		return err
	}, nil
}

func readText(folder, name string) string {
	bytes, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		fail(err)
	}
	return string(bytes)
}

func readLines(path string) []string {
	return strings.Split(strings.TrimSuffix(readText(filepath.Split(path)), "\n"), "\n")
}

func writeLines(path string, lines []string) error {
	return os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

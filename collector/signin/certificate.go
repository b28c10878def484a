package signin

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// certificateLimit bounds a certificate file; a chain with its key has some ten kilobytes.
const certificateLimit = 1 << 20

// loadCertificate reads a certificate with its private key, in PEM or PFX (PKCS#12), and checks what the service would
// refuse with less clear words.
func loadCertificate(path, password string, now time.Time) ([]*x509.Certificate, crypto.PrivateKey, error) {
	data, err := readBounded(path, certificateLimit)
	if err != nil {
		return nil, nil, fmt.Errorf("certificate file: %w", err)
	}
	fail := func(format string, args ...any) ([]*x509.Certificate, crypto.PrivateKey, error) {
		return nil, nil, fmt.Errorf("certificate file %s %s", path, fmt.Sprintf(format, args...))
	}
	if block, _ := pem.Decode(data); block != nil {
		if why := unusablePEM(data); why != "" {
			return fail("%s", why)
		}
		// A password in the environment belongs to some PFX: with it, the parser would not even look for PEM.
		password = ""
	}
	certs, key, err := azidentity.ParseCertificates(data, []byte(password))
	if err != nil {
		return fail("%s", whyUnparsed(err.Error(), password))
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return fail("has a key that is not RSA: Entra ID's sign-in library takes RSA keys alone")
	}
	for _, cert := range certs {
		if !private.PublicKey.Equal(cert.PublicKey) {
			continue
		}
		switch {
		case now.After(cert.NotAfter):
			return fail("expired on %s: make a new certificate and upload its public part to the app registration",
				cert.NotAfter.UTC().Format(time.DateOnly))
		case now.Before(cert.NotBefore):
			return fail("is valid from %s only: check this machine's clock", cert.NotBefore.UTC().Format(time.DateTime))
		}
		return certs, key, nil
	}
	return fail("has a private key that belongs to none of its certificates: put the right pair in one file")
}

// unusablePEM says why the private key in a PEM file cannot be used, before the parser stumbles over it.
func unusablePEM(data []byte) string {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			return "has an encrypted private key, which cannot be read from PEM: decrypt it " +
				"(openssl pkey -in FILE -out key.pem) and join certificate and key in one file, or give a PFX file and " +
				envCertificatePassword
		case block.Type == "EC PRIVATE KEY":
			return "has an elliptic-curve key: Entra ID's sign-in library takes RSA keys alone"
		}
	}
	return ""
}

// whyUnparsed puts the parser's error into words that say what to do. The password is asked only whether it is empty.
func whyUnparsed(text, password string) string {
	switch {
	case strings.Contains(text, "no private key"):
		return "holds no private key: the app needs both (cat cert.pem key.pem > both.pem, or export the PFX with its key)"
	case strings.Contains(text, "no certificate"):
		return "holds a private key but no certificate: join both in one file (cat cert.pem key.pem > both.pem)"
	case strings.Contains(text, "multiple private keys"):
		return "holds more than one private key: leave the one of the app's certificate"
	case strings.Contains(text, "password incorrect") && password == "":
		return "needs a password: set " + envCertificatePassword
	case strings.Contains(text, "password incorrect"):
		return "does not open with the password in " + envCertificatePassword
	case strings.Contains(text, "digest algorithm"), strings.Contains(text, "not implemented"),
		strings.Contains(text, "unknown algorithm"), strings.Contains(text, "not supported"):
		return "is a PFX in a newer encryption than can be read: turn it into PEM " +
			"(openssl pkcs12 -in FILE -nodes -out both.pem) and protect that file"
	}
	return "is neither PEM nor a PFX with certificate and private key"
}

// readBounded reads a whole file of limited size.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s has more than %d bytes: is it the right file?", path, limit)
	}
	return data, nil
}

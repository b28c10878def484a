package signin

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// testKey is made once: RSA keys take a while.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

var otherKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// certificatePEM makes a self-signed certificate that is valid between two times.
func certificatePEM(t *testing.T, key crypto.Signer, from, to time.Time) []byte {
	t.Helper()
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: from, NotAfter: to,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func keyPEM(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// certificateFile writes a good certificate with its key.
func certificateFile(t *testing.T) string {
	t.Helper()
	certificate := certificatePEM(t, testKey(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	return write(t, "both.pem", lines(keyPEM(t, testKey()), certificate))
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadCertificate(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	good := certificatePEM(t, testKey(), now.Add(-time.Hour), now.Add(time.Hour))
	key := keyPEM(t, testKey())
	other := certificatePEM(t, otherKey(), now.Add(-time.Hour), now.Add(time.Hour))
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curveCert := certificatePEM(t, curve, now.Add(-time.Hour), now.Add(time.Hour))
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(testKey())})
	encrypted := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("...")})
	oldEncrypted := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte("..."),
		Headers: map[string]string{"Proc-Type": "4,ENCRYPTED"}})
	legacy, err := os.ReadFile("testdata/legacy.pfx")
	if err != nil {
		t.Fatal(err)
	}
	modern, err := os.ReadFile("testdata/modern.pfx")
	if err != nil {
		t.Fatal(err)
	}
	after := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC) // the PFX files are valid for a century from November 2026
	for _, test := range []struct {
		name     string
		data     []byte
		password string
		now      time.Time
		want     string // part of the error, "" for none
	}{
		{"key and certificate", lines(key, good), "", now, ""},
		{"certificate first", lines(good, key), "", now, ""},
		{"PKCS#1 key", lines(good, pkcs1), "", now, ""},
		{"a chain, leaf last", lines(other, good, key), "", now, ""},
		{"a password that PEM does not need", lines(good, key), "some password", now, ""},
		{"PFX", legacy, "opensesame", after, ""},
		{"PFX, wrong password", legacy, "secret-guess", after,
			"does not open with the password in AZURE_CLIENT_CERTIFICATE_PASSWORD"},
		{"PFX, no password", legacy, "", after, "needs a password: set AZURE_CLIENT_CERTIFICATE_PASSWORD"},
		{"PFX in a newer encryption", modern, "opensesame", after, "openssl pkcs12"},
		{"certificate alone", good, "", now, "holds no private key"},
		{"key alone", key, "", now, "holds a private key but no certificate"},
		{"two keys", lines(good, key, pkcs1), "", now, "more than one private key"},
		{"a key of another certificate", lines(other, key), "", now, "belongs to none of its certificates"},
		{"elliptic curve, PKCS#8", lines(curveCert, keyPEM(t, curve)), "", now, "not RSA"},
		{"elliptic curve, SEC 1", lines(curveCert, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY"})), "", now,
			"elliptic-curve key"},
		{"encrypted PKCS#8", lines(good, encrypted), "opensesame", now, "openssl pkey"},
		{"encrypted PKCS#1", lines(good, oldEncrypted), "opensesame", now, "openssl pkey"},
		{"expired", lines(good, key), "", now.Add(2 * time.Hour), "expired on 2026-06-01"},
		{"not yet valid", lines(good, key), "", now.Add(-2 * time.Hour), "check this machine's clock"},
		{"something else", []byte("hello"), "", now, "neither PEM nor a PFX"},
		{"empty", nil, "", now, "neither PEM nor a PFX"},
		{"huge", make([]byte, certificateLimit+1), "", now, "is it the right file?"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, "cert", test.data)
			certs, private, err := loadCertificate(path, test.password, test.now)
			if test.want == "" {
				if err != nil || len(certs) == 0 || private == nil {
					t.Fatalf("got %d certificates, error %v", len(certs), err)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %q does not name the file and %q", err, test.want)
			}
			if test.password != "" && strings.Contains(err.Error(), test.password) {
				t.Errorf("error %q holds the password", err)
			}
		})
	}
	_, _, err = loadCertificate("testdata/absent.pem", "", now)
	if err == nil || !strings.Contains(err.Error(), "absent.pem") {
		t.Errorf("absent file: %v", err)
	}
}

func overwrite(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

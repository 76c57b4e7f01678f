package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"sync"
	"time"
)

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

var (
	authorities sync.Map // name -> func() *authority
	issued      sync.Map // issuer and names -> func() tls.Certificate
)

func key() *ecdsa.PrivateKey {
	made, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return made
}

func template(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	return &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().AddDate(1, 0, 0), BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
}

func authorityOf(name string) *authority {
	made, _ := authorities.LoadOrStore(name, sync.OnceValue(func() *authority {
		a := &authority{template(name), key()}
		a.certificate.IsCA, a.certificate.KeyUsage = true, x509.KeyUsageCertSign
		der, err := x509.CreateCertificate(rand.Reader, a.certificate, a.certificate, &a.key.PublicKey, a.key)
		if err != nil {
			panic(err)
		}
		a.certificate, _ = x509.ParseCertificate(der)
		return a
	}))
	return made.(func() *authority)()
}

// certificate is for the names, the first of them its subject, issued by the authority `issuer`.
func certificate(issuer string, names ...string) tls.Certificate {
	made, _ := issued.LoadOrStore(issuer+" "+strings.Join(names, " "), sync.OnceValue(func() tls.Certificate {
		by, own := authorityOf(issuer), key()
		t := template(names[0])
		t.DNSNames = names
		der, err := x509.CreateCertificate(rand.Reader, t, by.certificate, &own.PublicKey, by.key)
		if err != nil {
			panic(err)
		}
		return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: own}
	}))
	return made.(func() tls.Certificate)()
}

// pems gives it as texts: the certificate and the key.
func pems(c tls.Certificate) (string, string) {
	der, err := x509.MarshalECPrivateKey(c.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})),
		string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

/* Whom a certificate is for: the names in an X.509 certificate in PEM form. Nothing is verified. */
#pragma once

#include "support/str.h"

struct x509_names {
    struct str *at; /* the subject's common name first, if it has one; as Traefik keeps them */
    size_t count;
};

/* Of the first certificate in the text; false when there is none that can be read. */
bool x509_names(struct arena *a, struct str pem, struct x509_names *out);

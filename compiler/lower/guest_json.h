/* Phoenix: what its hypervisor knows of containers and virtual machines → routes to their
   addresses, and the proxy in front of them. The importer's name in the registry is
   `phoenix_guests`; here stand the parts that its files are told apart by. */
#pragma once

#include "lower/importer.h"

enum guest_part {
    GUEST_CONTAINERS, /* phoenix_lxc_configs.json */
    GUEST_MACHINES,   /* phoenix_vm_configs.json */
    GUEST_HYPERVISOR, /* phoenix_hypervisor_config.json */
    GUEST_TEMPLATE,   /* traefik.yml.template */
    GUEST_PARTS,
};

/* What the whole set of files says. */
struct guest_world {
    const struct import_job *job;
    struct tree_file *files[GUEST_PARTS];            /* NULL where there is none */
    struct str internal, ca_url, email;              /* given or the constants of the original */
    struct tree *internal_at, *ca_url_at, *email_at; /* where they are given, or NULL */
    struct tree *external, *external_ca;             /* NULL when not given */
    struct span start;                               /* of the first file */
};

/* The proxy: of the template, or the one that Phoenix comes with. */
struct nodes guest_proxy(const struct guest_world *w);

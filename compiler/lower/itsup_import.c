/* itsUP's files as importers: the routing file of one project, and the files about the proxy. */
#include "lower/importer.h"
#include "lower/itsup_infra.h"
#include "lower/itsup_project.h"

extern const struct importer importer_traefik;

static bool name_is(const struct tree_file *file, const char *name) {
    return str_is(import_base_name(file), name);
}

/* ---- a project ---- */

static enum import_fit fit_project(const struct tree_file *file, unsigned *part) {
    static const char *const keys[] = { "ingress", "egress", NULL };
    *part = 0;
    return file->json
               ? FIT_NONE
               : import_fit_of(import_has_key(file, keys),
                               name_is(file, "itsup-project.yml") || name_is(file, "ingress.yml"));
}

static void look_project(struct import_facts *facts, const struct import_file *file) {
    generation_see_routing(&facts->marks, import_base_name(file->tree), file->tree->source,
                           file->tree);
}

static struct ast *read_project(struct import_job *job) {
    struct itsup_project_facts facts = {
        .generation = generation_decide(job->diags, &job->facts->marks),
        .has_compose = job->files->has_compose,
    };
    return itsup_project_lower(job->diags, job->files->tree, &facts, job->losses);
}

const struct importer importer_itsup_project = {
    .name = "itsup-project",
    .gist = "`ingress` (a project of itsUP)",
    .project = true,
    .fit = fit_project,
    .look = look_project,
    .read = read_project,
};

/* ---- the proxy ---- */

enum { PART_INFRA, PART_STATIC, PART_DYNAMIC };

static enum import_fit fit_proxy(const struct tree_file *file, unsigned *part) {
    static const char *const infra[] = { "traefikDomain", "routerIP", "versions", NULL };
    static const char *const fixed[] = { "entryPoints",
                                         "certificatesResolvers",
                                         "providers",
                                         "experimental",
                                         "domain_suffix",
                                         "letsencrypt",
                                         "trusted_ips",
                                         "middleware",
                                         "plugins",
                                         "log",
                                         "accessLog",
                                         "api",
                                         "metrics",
                                         "tracing",
                                         "ping",
                                         "global",
                                         "serversTransport",
                                         NULL };
    static const char *const dynamic[] = { "http", "tcp", "udp", "tls", NULL };
    if (file->json)
        return FIT_NONE;
    /* Older proxies have `versions` beside keys of the second list. */
    bool is_infra = import_has_key(file, infra) && !import_has_key(file, fixed);
    *part = is_infra || name_is(file, "itsup.yml")                             ? PART_INFRA
            : import_has_key(file, fixed) || !name_is(file, "middlewares.yml") ? PART_STATIC
                                                                               : PART_DYNAMIC;
    if (*part == PART_STATIC && !import_has_key(file, fixed) && import_has_key(file, dynamic))
        *part = PART_DYNAMIC;
    return import_fit_of(is_infra || import_has_key(file, fixed) || import_has_key(file, dynamic),
                         name_is(file, "itsup.yml") || name_is(file, "traefik.yml") ||
                             name_is(file, "middlewares.yml"));
}

static void look_proxy(struct import_facts *facts, const struct import_file *file) {
    if (file->part == PART_INFRA)
        generation_see_infra(&facts->marks, file->tree);
    if (file->part == PART_STATIC)
        generation_see_override(&facts->marks, file->tree);
}

/* A file of Traefik's is itsUP's when another file says that there is an itsUP. */
static const struct importer *instead_of_proxy(const struct import_facts *facts,
                                               const struct import_file *file) {
    bool ours = file->part == PART_INFRA || generation_is_marked(&facts->marks);
    return ours ? NULL : &importer_traefik;
}

static struct ast *read_proxy(struct import_job *job) {
    struct itsup_infra_files files = { 0 };
    for (struct import_file *f = job->files; f; f = f->next) {
        const struct tree_file **slot = f->part == PART_INFRA    ? &files.itsup
                                        : f->part == PART_STATIC ? &files.traefik
                                                                 : &files.middlewares;
        if (*slot) {
            struct diag *d =
                diag_add(job->diags, DIAG_KIND_TWICE, span_of(f->tree->source, 0, 0),
                         "this file and %.*s are of one kind", STR_ARG((*slot)->source->name));
            diag_help(job->diags, d, "give one of them");
            continue;
        }
        *slot = f->tree;
    }
    return itsup_infra_lower(job->diags, &files, generation_decide(job->diags, &job->facts->marks),
                             job->losses);
}

const struct importer importer_itsup_proxy = {
    .name = "itsup-proxy",
    .gist = "`traefikDomain`, `routerIP` (the proxy of itsUP)",
    .together = true,
    .beside = true,
    .fit = fit_proxy,
    .look = look_proxy,
    .instead = instead_of_proxy,
    .read = read_proxy,
};

/* yaml.h - YAML into C structs by libcyaml, with errors that name the line.
 *
 * The schema is libcyaml's and stays in the .c file that describes its
 * structs. Unknown keys, wrong types, missing keys and too many entries are
 * errors: `adwatch.yaml:14: unexpected key 'depht'`.
 */
#ifndef AW_BASE_YAML_H
#define AW_BASE_YAML_H

#include "base/error.h"
#include "base/str.h"

#define AW_YAML_MAX ((size_t)8 << 20) /* bytes of one file */

struct cyaml_schema_value;

/* Loads text into a struct that aw_yaml_free frees. name stands in errors
 * (AW_CONFIG). Aliases and a second document are refused. */
aw_rc aw_yaml_load(void **out, struct aw_str text, const char *name,
                   const struct cyaml_schema_value *schema,
                   struct aw_err *err) AW_MUST_USE;
void aw_yaml_free(void *data, const struct cyaml_schema_value *schema);

/* The same from a file of at most AW_YAML_MAX bytes. */
aw_rc aw_yaml_load_file(void **out, const char *path,
                        const struct cyaml_schema_value *schema,
                        struct aw_err *err) AW_MUST_USE;

/* The line (from 1) of the node at path in text, which loaded well:
 * "crawl.readers", "sources[2].start[0]"; where there is none, of the nearest
 * node around it; 1 where text is no YAML. */
int aw_yaml_line_at(struct aw_str text, const char *path);

#endif

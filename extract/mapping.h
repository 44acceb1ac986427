/* mapping.h - where a store's JSON has what: JSON Pointers by field.
 *
 * A source's config names them (base/config.h); they travel to the reader as
 * one JSON object, whose keys are those of the config:
 *
 *     {"store":"云上","apps":"/data/list","id":"/appId","name":"/title",
 *      "description":"/intro/text","reviews":"/comments","review":"/content"}
 *
 * "apps" leads to the app or to an array of apps, the others lead on from
 * there; "reviews" to an array, "review" to the text within each of its items.
 */
#ifndef AW_EXTRACT_MAPPING_H
#define AW_EXTRACT_MAPPING_H

#include "base/app.h"
#include "base/config.h"

#define AW_MAPPING_RULES_MAX 16
#define AW_MAPPING_BYTES_MAX ((size_t)32 << 10) /* as JSON */

/* What a pointer leads to, beside the fields of an app. */
enum aw_mapping_what {
    AW_MAPPING_SITE = AW_APP_FIELD_COUNT, /* a further link */
    AW_MAPPING_REVIEWS
};

struct aw_mapping_rule {
    int what; /* of aw_app_field or aw_mapping_what */
    struct aw_str pointer;
};

struct aw_mapping {
    struct aw_str store;  /* stands in front of the ids */
    struct aw_str apps;   /* empty: the whole */
    struct aw_str id;     /* has_id: of an app in its store */
    struct aw_str review; /* empty: an item of the reviews is its text */
    bool has_id;
    bool named; /* by a config: where nothing is found that is told */
    struct aw_mapping_rule rules[AW_MAPPING_RULES_MAX]; /* in their order */
    size_t rule_count;
};

/* Of the answers of Apple's lookup and search service. */
extern const struct aw_mapping aw_mapping_apple;

/* Appends the JSON; where the config names no store, `name` is taken. */
void aw_mapping_put(struct aw_buf *out, const struct aw_listing_config *config,
                    const char *name);

/* AW_INVALID where it is no such object. Texts live in the arena. */
aw_rc aw_mapping_parse(struct aw_mapping *out, struct aw_str json,
                       struct aw_arena *arena, struct aw_err *err) AW_MUST_USE;

#endif

/* Questions to accepted settings. */
#include "model/model.h"

const struct slot *setting_slot(const struct setting *setting, const char *name) {
    for (size_t i = 0; i < setting->slot_count; i++)
        if (str_is(setting->slots[i].name, name))
            return setting->slots[i].present ? &setting->slots[i] : NULL;
    return NULL;
}

struct str setting_word(const struct setting *setting, const char *name) {
    const struct slot *slot = setting_slot(setting, name);
    return slot && slot->count ? slot->texts[0].s : (struct str){ 0 };
}

struct setting *settings_find(struct setting *list, int id) {
    while (list && list->vocable->id != id)
        list = list->next;
    return list;
}

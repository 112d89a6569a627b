/* A disk in memory that does to a journal what disks do: it loses what was not synced when the power
 * goes, sector by sector; is full; fails to sync. Several processes can have it open, and something may
 * happen to one between two of its calls. All files lie in one folder. */
#ifndef TESTS_SUPPORT_SIMULATED_DISK_H
#define TESTS_SUPPORT_SIMULATED_DISK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/disk.h"
#include "tests/support/random.h"

enum { SIM_FILES = 4096, SIM_SECTOR = 64, SIM_NAME = 64, SIM_ENTRIES = 512 };

/* What a file holds, and what of it is on the disk for certain. */
typedef struct sim_file {
    uint8_t *now, *durable;
    size_t   size, durable_size;
    void    *locked_by; /* who has it open */
} sim_file;

typedef struct sim_entry {
    char name[SIM_NAME]; /* empty: none */
    int  file;
} sim_entry;

typedef struct sim_disk {
    sim_file  file[SIM_FILES];
    int       file_count;
    sim_entry now[SIM_ENTRIES], durable[SIM_ENTRIES];
    void     *lock_owner;
    uint64_t  room;       /* bytes that can still be written */
    int       sync_fails; /* this many times */
    uint64_t  rng;
    int       calls_left; /* until something happens before a call; 0: never */
    void (*happens)(void *user, void *process);
    void *happens_user;
} sim_disk;

/* What one process has open. */
typedef struct sim_process {
    sim_disk *disk;
    bool      is_dead; /* nothing that it calls does anything */
} sim_process;

struct mu_disk_file {
    sim_process *process;
    sim_disk    *disk;
    int          file;
};

/* Each call begins with it. */
static inline int sim_call(sim_process *p) {
    sim_disk *d = p->disk;
    if (d->calls_left > 0 && --d->calls_left == 0) d->happens(d->happens_user, p);
    return p->is_dead ? EIO : 0;
}

static inline void sim_kill(void *user, void *process) {
    (void)user;
    ((sim_process *)process)->is_dead = true;
}

static inline sim_entry *sim_find(sim_entry *entries, const char *name) {
    for (int i = 0; i < SIM_ENTRIES; ++i) {
        if (strcmp(entries[i].name, name) == 0) return &entries[i];
    }
    return NULL;
}

static inline int sim_list(void *user, mu_disk_visit *visit, void *visit_user) {
    sim_disk *d = ((sim_process *)user)->disk;
    if (sim_call(user) != 0) return EIO;
    for (int i = 0; i < SIM_ENTRIES; ++i) {
        if (d->now[i].name[0]) visit(visit_user, d->now[i].name);
    }
    return 0;
}

static inline int sim_handle(sim_process *p, int file, mu_disk_file **out) {
    *out = malloc(sizeof **out);
    if (!*out) return ENOMEM;
    **out = (mu_disk_file){p, p->disk, file};
    return 0;
}

static inline int sim_open(void *user, const char *name, bool writes, mu_disk_file **out) {
    if (sim_call(user) != 0) return EIO;
    const sim_entry *entry = sim_find(((sim_process *)user)->disk->now, name);
    (void)writes;
    return entry ? sim_handle(user, entry->file, out) : ENOENT;
}

static inline int sim_create(void *user, const char *name, bool replaces, mu_disk_file **out) {
    sim_disk *d = ((sim_process *)user)->disk;
    if (sim_call(user) != 0) return EIO;
    sim_entry *entry = sim_find(d->now, name);
    if (entry && !replaces) return EEXIST;
    if (d->room == 0) return ENOSPC;
    if (!entry) entry = sim_find(d->now, "");
    if (!entry || d->file_count == SIM_FILES) return ENOSPC;
    snprintf(entry->name, sizeof entry->name, "%s", name);
    entry->file          = d->file_count++;
    d->file[entry->file] = (sim_file){0};
    return sim_handle(user, entry->file, out);
}

static inline int sim_rename(void *user, const char *from, const char *name, bool replaces) {
    sim_disk *d = ((sim_process *)user)->disk;
    if (sim_call(user) != 0) return EIO;
    sim_entry *old = sim_find(d->now, from), *there = sim_find(d->now, name);
    if (!old) return ENOENT;
    if (there && !replaces) return EEXIST;
    if (there) *there = (sim_entry){0};
    snprintf(old->name, sizeof old->name, "%s", name);
    return 0;
}

static inline int sim_remove(void *user, const char *name) {
    if (sim_call(user) != 0) return EIO;
    sim_entry *entry = sim_find(((sim_process *)user)->disk->now, name);
    if (!entry) return ENOENT;
    *entry = (sim_entry){0};
    return 0;
}

static inline int sim_has(void *user, const char *name, bool *out) {
    if (sim_call(user) != 0) return EIO;
    *out = sim_find(((sim_process *)user)->disk->now, name) != NULL;
    return 0;
}

static inline int sim_sync_folder(void *user) {
    sim_disk *d = ((sim_process *)user)->disk;
    if (sim_call(user) != 0) return EIO;
    memcpy(d->durable, d->now, sizeof d->now);
    return 0;
}

static inline int sim_lock(void *user) {
    sim_disk *d = ((sim_process *)user)->disk;
    if (sim_call(user) != 0) return EIO;
    if (d->lock_owner && d->lock_owner != user) return EWOULDBLOCK;
    d->lock_owner = user;
    return 0;
}

static inline int sim_size(mu_disk_file *file, uint64_t *out) {
    if (sim_call(file->process) != 0) return EIO;
    *out = file->disk->file[file->file].size;
    return 0;
}

static inline int sim_read(mu_disk_file *file, uint64_t offset, void *bytes, size_t count,
                           size_t *out_count) {
    if (sim_call(file->process) != 0) return EIO;
    const sim_file *f    = &file->disk->file[file->file];
    const size_t    left = offset < f->size ? f->size - (size_t)offset : 0;
    *out_count           = left < count ? left : count;
    if (*out_count > 0) memcpy(bytes, f->now + offset, *out_count);
    return 0;
}

/* A full disk takes the beginning. */
static inline int sim_write(mu_disk_file *file, uint64_t offset, const void *bytes, size_t count) {
    sim_disk *d = file->disk;
    sim_file *f = &d->file[file->file];
    if (sim_call(file->process) != 0) return EIO;
    const size_t some = count <= d->room ? count : (size_t)d->room, end = (size_t)offset + some;
    if (end > f->size) {
        f->now = realloc(f->now, end);
        if (!f->now) return ENOMEM;
        memset(f->now + f->size, 0, end - f->size);
        f->size = end;
    }
    if (some > 0) memcpy(f->now + offset, bytes, some);
    d->room -= some;
    return some == count ? 0 : ENOSPC;
}

static inline int sim_sync(mu_disk_file *file) {
    sim_disk *d = file->disk;
    sim_file *f = &d->file[file->file];
    if (sim_call(file->process) != 0) return EIO;
    if (d->sync_fails > 0) {
        --d->sync_fails;
        return EIO;
    }
    f->durable = realloc(f->durable, f->size + 1);
    if (!f->durable) return ENOMEM;
    if (f->size > 0) memcpy(f->durable, f->now, f->size);
    f->durable_size = f->size;
    return 0;
}

static inline int sim_lock_file(mu_disk_file *file) {
    sim_file *f = &file->disk->file[file->file];
    if (sim_call(file->process) != 0) return EIO;
    if (f->locked_by && f->locked_by != file) return EWOULDBLOCK;
    f->locked_by = file;
    return 0;
}

static inline void sim_close_file(mu_disk_file *file) {
    sim_file *f = &file->disk->file[file->file];
    if (f->locked_by == file) f->locked_by = NULL;
    free(file);
}

static inline void sim_close(void *user) {
    sim_process *p = user;
    if (p->disk->lock_owner == p) p->disk->lock_owner = NULL;
    free(p);
}

static inline mu_disk sim_process_new(sim_disk *disk) {
    sim_process *p = malloc(sizeof *p);
    if (!p) abort();
    *p = (sim_process){.disk = disk};
    return (mu_disk){p,        sim_list,        sim_open,       sim_create, sim_rename, sim_remove,
                     sim_has,  sim_sync_folder, sim_lock,       sim_size,   sim_read,   sim_write,
                     sim_sync, sim_lock_file,   sim_close_file, sim_close};
}

static inline sim_disk *sim_disk_new(uint64_t seed) {
    sim_disk *d = calloc(1, sizeof *d);
    if (!d) abort();
    d->room = UINT64_MAX;
    d->rng  = seed;
    return d;
}

static inline void sim_disk_free(sim_disk *d) {
    for (int i = 0; i < d->file_count; ++i) {
        free(d->file[i].now);
        free(d->file[i].durable);
    }
    free(d);
}

/* The power goes. Of each file that was not synced any sectors may have got to the disk, and any length;
 * of names either those of the last sync or those of now. Nobody has anything open. */
static inline void sim_lose_power(sim_disk *d) {
    for (int i = 0; i < d->file_count; ++i) {
        sim_file *f        = &d->file[i];
        f->locked_by       = NULL;
        const size_t grown = f->size > f->durable_size ? f->size - f->durable_size : 0;
        const size_t size =
            f->durable_size + (grown > 0 ? random_below(&d->rng, (uint32_t)grown + 1) : 0);
        for (size_t at = 0; at < size; at += SIM_SECTOR) {
            const size_t count = size - at < SIM_SECTOR ? size - at : SIM_SECTOR;
            const size_t known = at < f->durable_size ? f->durable_size - at : 0;
            if (random_below(&d->rng, 2) == 0) continue; /* what is now has got there */
            if (known > 0) memcpy(f->now + at, f->durable + at, known < count ? known : count);
            if (known < count) memset(f->now + at + known, 0, count - known);
        }
        f->size         = size;
        f->durable      = realloc(f->durable, size + 1);
        f->durable_size = size;
        if (!f->durable) abort();
        if (size > 0) memcpy(f->durable, f->now, size);
    }
    if (random_below(&d->rng, 2) == 0) memcpy(d->now, d->durable, sizeof d->now);
    memcpy(d->durable, d->now, sizeof d->now);
    d->lock_owner = NULL;
}

#endif

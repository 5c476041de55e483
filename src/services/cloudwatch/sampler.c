#include "services/cloudwatch/sampler.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "catalog/worker.h"

struct sampler {
    struct sampler *self; /* what the worker's task, which changes nothing of its context, reaches it by */
    struct metrics *metrics;
    struct storage *storage;
    struct http_server *http;
    struct worker *worker;
};

/* Of this process, resident; 0: it cannot be told. */
static uint64_t memory_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    uint64_t pages = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%*u %" SCNu64, &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static enum outcome sample(struct task *task)
{
    const struct sampler *sampler = *(struct sampler *const *)task->context;
    struct metrics *metrics = sampler->metrics;

    metrics_note_value(metrics, METRIC_STORAGE_BYTES, storage_disk_usage(sampler->storage));
    metrics_note_value(metrics, METRIC_MEMORY_BYTES, memory_bytes());
    metrics_note_value(metrics, METRIC_CONNECTIONS, http_server_connections(sampler->http));
    metrics_settle(metrics);
    return TASK_DONE;
}

struct sampler *sampler_open(struct metrics *metrics, struct storage *storage, struct http_server *http)
{
    struct sampler *sampler = calloc(1, sizeof(*sampler));

    CHECK(sampler != NULL);
    *sampler = (struct sampler){.self = sampler, .metrics = metrics, .storage = storage, .http = http};
    sampler->worker = worker_start(NULL, NULL, sample, (int64_t)METRICS_FINE * 1000, &sampler->self);
    return sampler;
}

void sampler_close(struct sampler *sampler)
{
    if (sampler == NULL)
        return;
    worker_stop(sampler->worker);
    free(sampler);
}

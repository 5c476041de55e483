#include "deploy/order.h"

/* Edges from what refers to what is referred to. */
struct edge {
    size_t from, to;
};

struct graph {
    struct arena *arena;
    size_t nodes;
    struct edge *edges;
    size_t edge_count, edge_capacity;
};

static void add_edge(struct graph *graph, size_t from, size_t to)
{
    enum { FIRST_EDGES = 64 };

    if (graph->edge_count == graph->edge_capacity) {
        size_t capacity = graph->edge_capacity == 0 ? FIRST_EDGES : graph->edge_capacity * 2;
        graph->edges =
            arena_grow(graph->arena, graph->edges, graph->edge_count, capacity, sizeof(*graph->edges));
        graph->edge_capacity = capacity;
    }
    graph->edges[graph->edge_count++] = (struct edge){from, to};
}

/*
 * How many nodes are in no circle and refer to none; of the rest, `waiting` is above 0.
 *
 * Kahn: a node is done when nothing is left that it refers to. Edges are gathered by what they lead to.
 */
static size_t count_free(const struct graph *graph, size_t *waiting)
{
    size_t *starts = arena_calloc(graph->arena, graph->nodes + 1, sizeof(*starts)), done = 0, next = 0;
    size_t *order = arena_array(graph->arena, size_t, graph->nodes);
    size_t *froms = arena_array(graph->arena, size_t, graph->edge_count);

    for (size_t i = 0; i < graph->edge_count; i++) {
        waiting[graph->edges[i].from]++;
        starts[graph->edges[i].to]++;
    }
    for (size_t i = 1; i <= graph->nodes; i++)
        starts[i] += starts[i - 1]; /* now where those of a node end */
    for (size_t i = graph->edge_count; i-- > 0;)
        froms[--starts[graph->edges[i].to]] = graph->edges[i].from;
    for (size_t i = 0; i < graph->nodes; i++) {
        if (waiting[i] == 0)
            order[done++] = i;
    }
    while (next < done) {
        size_t node = order[next++];
        for (size_t i = starts[node]; i < starts[node + 1]; i++) {
            if (--waiting[froms[i]] == 0)
                order[done++] = froms[i];
        }
    }
    return done;
}

/* ---- resources ---- */

static bool refuse_circle(struct stack *stack, const size_t *waiting, struct problems *problems)
{
    struct slice names = SLICE("");

    for (size_t i = 0; i < stack->resource_count; i++) {
        if (waiting[i] > 0)
            problems_list(stack->arena, &names, stack->resources[i].id);
    }
    return stack_refuse(stack, problems, "Circular dependency between resources: [%.*s]", SLICE_ARGS(names));
}

/* Walks along the references from one resource after the other, as the template has them. There is no
 * circle, so this ends, and the recursion is no deeper than there are resources. */
struct ordering {
    const struct graph *graph;
    const size_t *starts; /* of a node's edges; one more at the end */
    bool *seen;
    size_t *order;
    size_t count;
};

static void visit(struct ordering *ordering, size_t node)
{
    if (ordering->seen[node])
        return;
    ordering->seen[node] = true;
    for (size_t i = ordering->starts[node]; i < ordering->starts[node + 1]; i++)
        visit(ordering, ordering->graph->edges[i].to);
    ordering->order[ordering->count++] = node;
}

/* Edges stand in the order of their `from`. */
static void order_nodes(const struct graph *graph, size_t *order)
{
    size_t *starts = arena_calloc(graph->arena, graph->nodes + 1, sizeof(*starts));
    struct ordering ordering = {.graph = graph,
                                .starts = starts,
                                .seen = arena_array(graph->arena, bool, graph->nodes),
                                .order = order};

    for (size_t i = 0; i < graph->edge_count; i++)
        starts[graph->edges[i].from + 1]++;
    for (size_t i = 1; i <= graph->nodes; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < graph->nodes; i++)
        visit(&ordering, i);
}

static void fill_needs(struct stack *stack, const struct graph *graph, const size_t *order)
{
    size_t *places = arena_array(stack->arena, size_t, graph->nodes);
    size_t *needs = arena_array(stack->arena, size_t, graph->edge_count);
    struct resource *ordered = arena_array(stack->arena, struct resource, graph->nodes);

    for (size_t i = 0; i < graph->nodes; i++)
        places[order[i]] = i;
    for (size_t i = 0, at = 0; i < graph->nodes; i++) { /* edges stand in the order of their `from` */
        struct resource *resource = &ordered[places[i]];
        *resource = stack->resources[i];
        resource->needs = needs + at;
        for (; at < graph->edge_count && graph->edges[at].from == i; at++)
            needs[at] = places[graph->edges[at].to];
        resource->need_count = (size_t)(needs + at - resource->needs);
    }
    stack->resources = ordered;
}

bool order_resources(struct stack *stack, const bool *needs, struct problems *problems)
{
    size_t count = stack->resource_count;
    struct graph graph = {.arena = stack->arena, .nodes = count};
    size_t *order = arena_array(stack->arena, size_t, count),
           *waiting = arena_array(stack->arena, size_t, count);

    for (size_t from = 0; from < count; from++) {
        for (size_t to = 0; to < count; to++) {
            if (needs[from * count + to])
                add_edge(&graph, from, to);
        }
    }
    if (count_free(&graph, waiting) < count)
        return refuse_circle(stack, waiting, problems);
    order_nodes(&graph, order);
    fill_needs(stack, &graph, order);
    return true;
}

/* ---- conditions ---- */

/* The place of a condition in its section: it is one, for names were checked. */
static size_t place_of(const struct json *conditions, struct slice name)
{
    size_t at = 0;

    while (!slice_equal(conditions->object.members[at].name, name))
        at++;
    return at;
}

/* Recursion is bounded by the depth of a template. */
static void add_conditions(struct graph *graph, const struct json *conditions, size_t from,
                           const struct json *json)
{
    for (size_t i = 0; json->type == JSON_ARRAY && i < json->array.count; i++)
        add_conditions(graph, conditions, from, &json->array.items[i]);
    for (size_t i = 0; json->type == JSON_OBJECT && i < json->object.count; i++) {
        const struct json_member *member = &json->object.members[i];
        if (json->object.count == 1 && slice_is(member->name, "Condition"))
            add_edge(graph, from, place_of(conditions, member->value.text));
        else
            add_conditions(graph, conditions, from, &member->value);
    }
}

bool order_conditions(struct stack *stack, struct problems *problems)
{
    const struct json *conditions = stack->conditions;
    struct graph graph = {.arena = stack->arena, .nodes = conditions->object.count};
    size_t *waiting = arena_array(stack->arena, size_t, graph.nodes);
    struct slice names = SLICE("");

    for (size_t i = 0; i < graph.nodes; i++)
        add_conditions(&graph, conditions, i, &conditions->object.members[i].value);
    if (count_free(&graph, waiting) == graph.nodes)
        return true;
    for (size_t i = 0; i < graph.nodes; i++) {
        if (waiting[i] > 0)
            problems_list(stack->arena, &names, conditions->object.members[i].name);
    }
    return stack_refuse(stack, problems, "Template error: Circular dependency between conditions: [%.*s]",
                        SLICE_ARGS(names));
}

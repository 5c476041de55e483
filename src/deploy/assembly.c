#include "deploy/assembly.h"

#include <errno.h>
#include <sys/stat.h>

#include "deploy/template.h"

/* Bounds of a folder: an app has a few stacks; its manifest holds little, its asset list a line for each
 * file. */
enum {
    STACKS_LIMIT = 200,
    NESTING_LIMIT = 6,
    MANIFEST_LIMIT = 16 * 1024 * 1024,
    MANIFEST_DEPTH = 64,
    HASH_LENGTH = 64,
    PIECE = 65536
};

#define STACK_ARTIFACT    "aws:cloudformation:stack"
#define ASSEMBLY_ARTIFACT "cdk:cloud-assembly"
#define ASSET_PATH        "aws:asset:path"

struct opening {
    struct arena *arena;
    const struct assembly_options *options;
    struct assembly *assembly;
    struct problems *problems;
    bool *taken; /* one for each of options->parameters */
};

/* One folder of an assembly. */
struct folder {
    struct slice path;
    const struct json *artifacts;
    const struct json *assets; /* of the stack at hand: hash to source; NULL if there is no list */
    enum { UNSEEN, OPEN, DONE } * states;
    unsigned depth;
};

/* ---- files ---- */

static bool read_file(struct opening *opening, struct slice path, size_t limit, struct slice *out)
{
    FILE *file = fopen(path.ptr, "rbe");
    struct buffer text;
    size_t more;

    if (file == NULL)
        return problems_add(opening->problems, "%.*s: %s", SLICE_ARGS(path), strerror(errno));
    buffer_init(&text);
    do {
        more = fread(buffer_reserve(&text, PIECE), 1, PIECE, file);
        text.len += more;
    } while (more > 0 && text.len <= limit);
    bool read = ferror(file) == 0;
    fclose(file);
    *out = arena_copy(opening->arena, buffer_slice(&text));
    buffer_finish(&text);
    if (!read)
        return problems_add(opening->problems, "%.*s: cannot be read", SLICE_ARGS(path));
    return out->len <= limit ||
           problems_add(opening->problems, "%.*s: is larger than %zu bytes", SLICE_ARGS(path), limit);
}

static bool is_file(struct slice path)
{
    struct stat status;

    return stat(path.ptr, &status) == 0 && S_ISREG(status.st_mode);
}

/* A path that stays where it begins. */
static bool is_inside(struct slice path)
{
    if (path.len == 0 || path.ptr[0] == '/' || memchr(path.ptr, '\0', path.len) != NULL)
        return false;
    for (size_t i = 0; i < path.len; i++) {
        bool begins = i == 0 || path.ptr[i - 1] == '/';
        if (begins && path.len - i >= 2 && memcmp(path.ptr + i, "..", 2) == 0 &&
            (path.len - i == 2 || path.ptr[i + 2] == '/'))
            return false;
    }
    return true;
}

static bool join(struct opening *opening, const struct folder *folder, struct slice file, struct slice *out)
{
    if (!is_inside(file))
        return problems_add(opening->problems, "%.*s/manifest.json: the path %.*s leads out of the folder",
                            SLICE_ARGS(folder->path), SLICE_ARGS(file));
    *out = arena_printf(opening->arena, "%.*s/%.*s", SLICE_ARGS(folder->path), SLICE_ARGS(file));
    return true;
}

static struct slice base_name(struct slice path)
{
    for (size_t i = path.len; i-- > 0;) {
        if (path.ptr[i] == '/')
            return slice_skip(path, i + 1);
    }
    return path;
}

/* ---- stacks ---- */

static bool open_stack(struct opening *opening, const struct stack_identity *identity, struct slice path,
                       struct folder *folder, unsigned depth, struct stack **out);

/* The first 64 hexadecimal digits in a row in any text of the value: how an asset is named in its URL. */
static struct slice find_hash(const struct json *json)
{
    struct slice found = SLICE("");

    if (json->type == JSON_STRING) {
        size_t digits = 0;
        for (size_t i = 0; i < json->text.len; i++) {
            char c = json->text.ptr[i];
            digits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? digits + 1 : 0;
            if (digits == HASH_LENGTH)
                return (struct slice){json->text.ptr + i + 1 - HASH_LENGTH, HASH_LENGTH};
        }
    }
    for (size_t i = 0; json->type == JSON_ARRAY && found.len == 0 && i < json->array.count; i++)
        found = find_hash(&json->array.items[i]);
    for (size_t i = 0; json->type == JSON_OBJECT && found.len == 0 && i < json->object.count; i++)
        found = find_hash(&json->object.members[i].value);
    return found;
}

/* The file of a nested stack's template; empty if it is not at hand. */
static struct slice nested_file(const struct folder *folder, const struct resource *resource)
{
    const struct json *path = json_get(json_get(resource->body, "Metadata"), ASSET_PATH);
    const struct json *url = json_get(resource->properties, "TemplateURL");

    if (path == NULL && url != NULL)
        path = json_get(json_get(json_get_slice(folder->assets, find_hash(url)), "source"), "path");
    return path != NULL && path->type == JSON_STRING ? path->text : SLICE("");
}

static bool open_nested(struct opening *opening, struct stack *stack, struct folder *folder, unsigned depth)
{
    for (size_t i = 0; i < stack->resource_count; i++) {
        struct resource *resource = &stack->resources[i];
        struct slice file = slice_is(resource->type, "AWS::CloudFormation::Stack")
                                ? nested_file(folder, resource)
                                : SLICE("");
        struct slice path, undecided;
        if (file.len == 0 || !stack_has_resource(stack, resource, &undecided))
            continue;
        if (!join(opening, folder, file, &path))
            return false;
        struct stack_identity identity = stack->identity;
        identity.name = arena_printf(opening->arena, "%.*s-%.*s", SLICE_ARGS(stack->identity.name),
                                     SLICE_ARGS(resource->id));
        identity.parent = stack;
        identity.as_resource = resource;
        if (!open_stack(opening, &identity, path, folder, depth + 1, &resource->nested))
            return false;
    }
    return true;
}

/* Those of the parameters that the template declares. */
static const struct json *take_parameters(struct opening *opening, const struct json *template)
{
    const struct json *given = opening->options->parameters;
    struct json *taken = arena_new(opening->arena, struct json);
    size_t count = given == NULL ? 0 : given->object.count;

    taken->type = JSON_OBJECT;
    taken->object.members = arena_array(opening->arena, struct json_member, count);
    for (size_t i = 0; i < count; i++) {
        const struct json_member *member = &given->object.members[i];
        if (json_get_slice(json_get(template, "Parameters"), member->name) == NULL)
            continue;
        taken->object.members[taken->object.count++] = *member;
        opening->taken[i] = true;
    }
    return taken;
}

/* What is given and declared by nobody is a mistake. */
static bool check_taken(struct opening *opening)
{
    const struct json *given = opening->options->parameters;
    struct slice left = SLICE("");

    for (size_t i = 0; given != NULL && i < given->object.count; i++) {
        if (!opening->taken[i])
            problems_list(opening->arena, &left, given->object.members[i].name);
    }
    return left.len == 0 || problems_add(opening->problems, "Parameters: [%.*s] do not exist in the template",
                                         SLICE_ARGS(left));
}

static bool open_stack(struct opening *opening, const struct stack_identity *identity, struct slice path,
                       struct folder *folder, unsigned depth, struct stack **out)
{
    struct stack_identity own = *identity;
    const struct json *template;
    struct slice text, problem;

    if (depth == NESTING_LIMIT || opening->assembly->count == STACKS_LIMIT)
        return problems_add(opening->problems, "%.*s: too many stacks, or nested too deeply",
                            SLICE_ARGS(path));
    if (!read_file(opening, path, TEMPLATE_SIZE_LIMIT, &text))
        return false;
    own.file = base_name(path);
    if (!template_parse(opening->arena, text, &template, &problem))
        return problems_add(opening->problems, "%.*s: %.*s", SLICE_ARGS(own.file), SLICE_ARGS(problem));
    if (identity->parent == NULL)
        own.parameters = take_parameters(opening, template);
    *out = stack_open(opening->arena, &own, template, opening->problems);
    if (*out == NULL || (folder != NULL && !open_nested(opening, *out, folder, depth)))
        return false;
    if (opening->assembly->count == STACKS_LIMIT)
        return problems_add(opening->problems, "%.*s: too many stacks", SLICE_ARGS(path));
    opening->assembly->texts[opening->assembly->count] = text;
    opening->assembly->stacks[opening->assembly->count++] = *out;
    return true;
}

/* ---- folders ---- */

static bool open_folder(struct opening *opening, struct slice path, unsigned depth);

static bool read_json(struct opening *opening, struct slice path, const struct json **out)
{
    struct slice text;

    if (!read_file(opening, path, MANIFEST_LIMIT, &text))
        return false;
    return (json_parse(opening->arena, text, MANIFEST_DEPTH, out) == JSON_OK &&
            (*out)->type == JSON_OBJECT) ||
           problems_add(opening->problems, "%.*s: is no JSON object", SLICE_ARGS(path));
}

static struct slice text_member(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

/* "aws://123456789012/eu-west-1": what is not "unknown-..." holds for the stack. */
static void read_environment(struct slice environment, struct stack_identity *identity)
{
    const struct slice scheme = SLICE("aws://");

    if (!slice_starts_with(environment, scheme))
        return;
    struct slice account = slice_skip(environment, scheme.len);
    const char *slash = account.len == 0 ? NULL : memchr(account.ptr, '/', account.len);
    if (slash == NULL)
        return;
    struct slice region = slice_skip(account, (size_t)(slash - account.ptr) + 1);
    account.len = (size_t)(slash - account.ptr);
    if (region.len > 0 && !slice_starts_with(region, SLICE("unknown-")))
        identity->region = region;
    if (account.len > 0 && !slice_starts_with(account, SLICE("unknown-")))
        identity->account = account;
}

/* The list of assets lies beside the template, if there is one. */
static bool read_assets(struct opening *opening, struct folder *folder, struct slice artifact)
{
    struct slice path, file = arena_printf(opening->arena, "%.*s.assets.json", SLICE_ARGS(artifact));
    const struct json *list;

    folder->assets = NULL;
    if (!join(opening, folder, file, &path))
        return false;
    if (!is_file(path))
        return true;
    if (!read_json(opening, path, &list))
        return false;
    folder->assets = json_get(list, "files");
    return true;
}

static bool open_stack_artifact(struct opening *opening, struct folder *folder,
                                const struct json_member *artifact)
{
    const struct json *properties = json_get(&artifact->value, "properties");
    struct slice file = text_member(properties, "templateFile"), name = text_member(properties, "stackName"),
                 path;
    struct stack_identity identity = {.name = name.len > 0 ? name : artifact->name,
                                      .region = opening->options->region,
                                      .account = opening->options->account};
    struct stack *stack;

    if (file.len == 0)
        return problems_add(opening->problems, "%.*s/manifest.json: %.*s has no templateFile",
                            SLICE_ARGS(folder->path), SLICE_ARGS(artifact->name));
    read_environment(text_member(&artifact->value, "environment"), &identity);
    return join(opening, folder, file, &path) && read_assets(opening, folder, artifact->name) &&
           open_stack(opening, &identity, path, folder, 0, &stack);
}

static bool open_artifact(struct opening *opening, struct folder *folder, size_t at)
{
    const struct json_member *artifact = &folder->artifacts->object.members[at];
    const struct json *dependencies = json_get(&artifact->value, "dependencies");
    struct slice type = text_member(&artifact->value, "type"), path;

    if (folder->states[at] == DONE)
        return true;
    if (folder->states[at] == OPEN)
        return problems_add(opening->problems, "%.*s/manifest.json: %.*s depends on itself in a circle",
                            SLICE_ARGS(folder->path), SLICE_ARGS(artifact->name));
    folder->states[at] = OPEN;
    for (size_t i = 0;
         dependencies != NULL && dependencies->type == JSON_ARRAY && i < dependencies->array.count; i++) {
        const struct json *name = &dependencies->array.items[i];
        const struct json *other =
            name->type == JSON_STRING ? json_get_slice(folder->artifacts, name->text) : NULL;
        for (size_t j = 0; other != NULL && j < folder->artifacts->object.count; j++) {
            if (&folder->artifacts->object.members[j].value == other && !open_artifact(opening, folder, j))
                return false;
        }
    }
    folder->states[at] = DONE;
    if (slice_is(type, STACK_ARTIFACT))
        return open_stack_artifact(opening, folder, artifact);
    if (!slice_is(type, ASSEMBLY_ARTIFACT))
        return true;
    struct slice directory = text_member(json_get(&artifact->value, "properties"), "directoryName");
    return join(opening, folder, directory, &path) && open_folder(opening, path, folder->depth + 1);
}

static bool open_folder(struct opening *opening, struct slice path, unsigned depth)
{
    struct folder folder = {.path = path, .depth = depth};
    struct slice manifest_path = arena_printf(opening->arena, "%.*s/manifest.json", SLICE_ARGS(path));
    const struct json *manifest;

    enum { ARTIFACTS_LIMIT = 1000 };
    if (depth == NESTING_LIMIT)
        return problems_add(opening->problems, "%.*s: stages are nested too deeply", SLICE_ARGS(path));
    if (!is_file(manifest_path))
        return problems_add(opening->problems,
                            "%.*s: there is no manifest.json in it, so it is no cdk.out folder",
                            SLICE_ARGS(path));
    if (!read_json(opening, manifest_path, &manifest))
        return false;
    folder.artifacts = json_get(manifest, "artifacts");
    if (folder.artifacts == NULL || folder.artifacts->type != JSON_OBJECT ||
        folder.artifacts->object.count > ARTIFACTS_LIMIT)
        return problems_add(opening->problems, "%.*s: artifacts must be an object of up to %d artifacts",
                            SLICE_ARGS(manifest_path), ARTIFACTS_LIMIT);
    folder.states = arena_calloc(opening->arena, folder.artifacts->object.count, sizeof(*folder.states));
    for (size_t i = 0; i < folder.artifacts->object.count; i++) {
        if (!open_artifact(opening, &folder, i))
            return false;
    }
    return true;
}

/* "shop.template.json" is of the stack "shop". */
static struct slice name_of_file(struct slice path)
{
    static const char *const endings[] = {".json", ".yaml", ".yml", ".template", NULL};
    struct slice name = base_name(path);

    for (size_t i = 0; endings[i] != NULL; i++) {
        size_t length = strlen(endings[i]);
        if (name.len > length && memcmp(name.ptr + name.len - length, endings[i], length) == 0)
            name.len -= length;
    }
    return name;
}

bool assembly_open(struct arena *arena, const char *path, const struct assembly_options *options,
                   struct assembly *out, struct problems *problems)
{
    struct opening opening = {.arena = arena, .options = options, .assembly = out, .problems = problems};
    struct slice text = arena_copy(arena, slice_of(path));
    struct stat status;
    struct stack *stack;

    *out = (struct assembly){arena_array(arena, struct stack *, STACKS_LIMIT),
                             arena_array(arena, struct slice, STACKS_LIMIT), 0};
    opening.taken =
        arena_array(arena, bool, options->parameters == NULL ? 0 : options->parameters->object.count);
    if (stat(path, &status) != 0)
        return problems_add(problems, "%s: %s", path, strerror(errno));
    if (S_ISDIR(status.st_mode)) {
        while (text.len > 1 && text.ptr[text.len - 1] == '/')
            text = arena_copy(arena, (struct slice){text.ptr, text.len - 1});
        return open_folder(&opening, text, 0) && check_taken(&opening) &&
               (out->count > 0 || problems_add(problems, "%s/manifest.json: names no stack", path));
    }
    struct stack_identity identity = {.name = options->stack_name.len > 0 ? options->stack_name
                                                                          : name_of_file(text),
                                      .region = options->region,
                                      .account = options->account};
    return open_stack(&opening, &identity, text, NULL, 0, &stack) && check_taken(&opening);
}

/*
 * What the functions of templates have in common, for the files that have them: intrinsics.c (references, and
 * how all are called), text_functions.c, condition_functions.c, network_functions.c.
 *
 * A function gets its argument as it stands in the template, and gives a value or says why it has none. The
 * form of arguments was checked (form.h), but not of those in a loop of AWS::LanguageExtensions, and not what
 * the values of functions in them are.
 */
#ifndef TURNTABLE_DEPLOY_FUNCTIONS_H
#define TURNTABLE_DEPLOY_FUNCTIONS_H

#include "deploy/intrinsics.h"

typedef enum resolved (*function_call)(struct stack *stack, const struct json *argument, struct json *out,
                                       struct slice *reason);

/* RESOLVED_WRONG, and the sentence. */
enum resolved function_wrong(struct stack *stack, struct slice *reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Counts what evaluation makes; false: it is too much, and *reason says so. */
bool function_count(struct stack *stack, size_t bytes, struct slice *reason);

enum resolved function_give_text(struct stack *stack, struct slice text, struct json *out,
                                 struct slice *reason);
enum resolved function_give_boolean(bool boolean, struct json *out);

/* A list of `least` to `most` elements. */
bool function_is_list(const struct json *argument, size_t least, size_t most);

/* The argument's value as a text; `otherwise` is the sentence if it is none. AWS::NoValue is an empty one. */
enum resolved function_text(struct stack *stack, const struct json *json, struct slice *out,
                            const char *otherwise, struct slice *reason);

/* Its value as a list. */
enum resolved function_list(struct stack *stack, const struct json *json, struct json *out,
                            const char *otherwise, struct slice *reason);

/* What Ref, and Fn::GetAtt, give. */
enum resolved function_reference(struct stack *stack, struct slice name, struct json *out,
                                 struct slice *reason);
enum resolved function_attribute(struct stack *stack, struct slice id, struct slice attribute,
                                 struct json *out, struct slice *reason);

#define CALL(name)                                                                                           \
    enum resolved name(struct stack *stack, const struct json *argument, struct json *out,                   \
                       struct slice *reason)

CALL(call_sub);
CALL(call_join);
CALL(call_split);
CALL(call_select);
CALL(call_find_in_map);
CALL(call_base64);
CALL(call_length);
CALL(call_to_json_string);
CALL(call_if);
CALL(call_and);
CALL(call_or);
CALL(call_not);
CALL(call_equals);
CALL(call_contains);
CALL(call_each_member_equals);
CALL(call_each_member_in);
CALL(call_ref_all);
CALL(call_value_of);
CALL(call_cidr);
CALL(call_get_azs);

#undef CALL

/* Puts what "{{resolve:ssm:name}}" in a text stands for in its place. */
enum resolved dynamic_references(struct stack *stack, struct slice text, struct json *out,
                                 struct slice *reason);

#endif

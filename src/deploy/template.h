/*
 * The text of a CloudFormation template, JSON or YAML, to one tree.
 *
 * YAML's short functions become what they are in JSON: `!Ref x` {"Ref": "x"}, `!GetAtt a.b` {"Fn::GetAtt":
 * ["a", "b"]}, `!Sub t`
 * {"Fn::Sub": "t"}. Scalars without quotes become null, booleans and numbers only where JSON has them too;
 * all else is text, as in an account id that begins with 0. Aliases and merge keys are refused, as by
 * CloudFormation, and so are names that a map has twice.
 *
 * A template comes from a stranger's project: its size, its depth and the number of its values are bounded.
 */
#ifndef TURNTABLE_DEPLOY_TEMPLATE_H
#define TURNTABLE_DEPLOY_TEMPLATE_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/json.h"

/* AWS: a template has up to 1 MB. The largest have some 500 resources, which are far from these numbers. */
enum { TEMPLATE_SIZE_LIMIT = 1024 * 1024, TEMPLATE_DEPTH_LIMIT = 64, TEMPLATE_NODES_LIMIT = 200 * 1000 };

/* False: *problem says what is wrong in CloudFormation's words, and in which line if that is known. The tree
 * lives in the arena and in `text`. */
must_use bool template_parse(struct arena *arena, struct slice text, const struct json **out,
                             struct slice *problem);

#endif

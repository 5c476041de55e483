/* The form of templates: what CloudFormation refuses before anything has a value, in its words. */
#include "deploy/form.h"

#include "unit/deploy/stack_cases.h"

/* The first problem of the template; "" if it is right. */
static const char *refusal(const char *text)
{
    struct problems problems;
    struct stack *stack = open_text(text, NULL, NULL, &problems);

    assert_int_equal(stack == NULL, problems.count > 0);
    return stack != NULL ? "" : problems.texts[0].ptr;
}

#define R "Resources:\n  A: {Type: 'AWS::CloudFormation::WaitConditionHandle'}\n"

static void right_templates_are_taken(void **state)
{
    static const char *const texts[] = {
        R,
        "AWSTemplateFormatVersion: 2010-09-09\nDescription: what it is\nMetadata: {a: {b: [c]}}\n" R,
        "Parameters: {P: {Type: Number, Default: 1, MinValue: 0, MaxValue: '9', NoEcho: true, Description: "
        "x, "
        "AllowedValues: [1, '2'], ConstraintDescription: y}}\n" R,
        "Mappings: {M: {us-east-1: {a.b: c, l: [1, 2]}}}\n" R,
        "Resources:\n  A: {Type: 'Custom::Thing_a@b-c', DependsOn: [B, C], DeletionPolicy: "
        "RetainExceptOnCreate, "
        "UpdateReplacePolicy: Retain, Metadata: {x: y}, CreationPolicy: {ResourceSignal: {Count: 1}}, "
        "UpdatePolicy: "
        "{UseOnlineResharding: true}, Version: '1.0'}\n"
        "  B: {Type: 'AWS::EC2::Volume', DeletionPolicy: Snapshot}\n  C: {Type: 'Alexa::ASK::Skill'}\n",
        "Outputs: {O: {Value: !Ref A, Description: d, Export: {Name: !Sub '${AWS::StackName}-o'}, Condition: "
        "C}}\n"
        "Conditions: {C: !Not [!Equals [a, b]]}\n" R,
        "Rules: {R: {RuleCondition: !Equals [a, a], Assertions: [{Assert: !Contains [[a, b], a], "
        "AssertDescription: x}]}}\n" R,
        "Resources:\n  A: {Type: 'AWS::X::Y', Properties: {Policy: {Condition: {StringEquals: {a: b}}, Ref: "
        "c, "
        "Fn: d}}}\n",
    };
    (void)state;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_string_equal(refusal(texts[i]), "");
}

#define FORMAT "Template format error: "

static void wrong_sections_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"Description: x\n", FORMAT "At least one Resources member must be defined."},
        {"Resources: {}\n", FORMAT "At least one Resources member must be defined."},
        {"Resources:\n", FORMAT "[/Resources] 'null' values are not allowed in templates"},
        {"Resources: [a]\n", FORMAT "Resources must be a map of names to definitions."},
        {R "Resourcs: {}\nOther: x\n", "Invalid template property or properties [Resourcs, Other]"},
        {R "AWSTemplateFormatVersion: '2012-01-01'\n",
         FORMAT "unsupported value for AWSTemplateFormatVersion."},
        {R "Description: [a]\n", FORMAT "Description must be a string."},
        {R "Metadata: a\n", FORMAT "Metadata must be a JSON object."},
        {"Resources:\n  A: {Type: 'AWS::X::Y', Properties: {a: [x, {b: null}]}}\n",
         FORMAT "[/Resources/A/Properties/a/1/b] 'null' values are not allowed in templates"},
        {R "Parameters:\n", FORMAT "[/Parameters] 'null' values are not allowed in templates"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(refusal(cases[i][0]), cases[i][1]);
}

static void wrong_members_are_refused(void **state)
{
    static const char *const cases[][2] = {
        /* resources */
        {"Resources: {my-bucket: {Type: 'AWS::X::Y'}}\n",
         FORMAT "Resource name my-bucket is non alphanumeric."},
        {"Resources: {'': {Type: 'AWS::X::Y'}}\n", FORMAT "Resource name  is non alphanumeric."},
        {"Resources: {A: x}\n", FORMAT "[/Resources/A] resource definition is malformed"},
        {"Resources: {A: {}}\n", FORMAT "[/Resources/A] Every Resources object must contain a Type member."},
        {"Resources: {A: {Type: [x]}}\n", FORMAT "[/Resources/A] Every Type member must be a string."},
        {"Resources: {A: {Type: X}, B: {Type: 'AWS::X::Y::Z'}, C: {Type: 'AWS::X::Y'}, D: {Type: X}}\n",
         FORMAT "Unrecognized resource types: [X, AWS::X::Y::Z]"},
        {"Resources: {A: {Type: 'Custom::a b'}}\n", FORMAT "Unrecognized resource types: [Custom::a b]"},
        {"Resources: {A: {Type: 'AWS::X::Y', Propertys: {}}}\n",
         "Invalid template resource property 'Propertys'"},
        {"Resources: {A: {Type: 'AWS::X::Y', Properties: [a]}}\n",
         FORMAT "Any Properties member must be a JSON object."},
        {"Resources: {A: {Type: 'AWS::X::Y', Metadata: a}}\n",
         FORMAT "Any Metadata member must be a JSON object."},
        {"Resources: {A: {Type: 'AWS::X::Y', DependsOn: {B: c}}}\n",
         FORMAT "DependsOn must be a string or list of strings."},
        {"Resources: {A: {Type: 'AWS::X::Y', DependsOn: [[B]]}}\n",
         FORMAT "DependsOn must be a string or list of strings."},
        {"Resources: {A: {Type: 'AWS::X::Y', Condition: [B]}}\n",
         FORMAT "Every Condition member must be a string."},
        {"Resources: {A: {Type: 'AWS::X::Y', DeletionPolicy: Keep}}\n",
         "Template error: Unrecognized DeletionPolicy Keep for resource A"},
        {"Resources: {A: {Type: 'AWS::X::Y', DeletionPolicy: [Retain]}}\n",
         FORMAT "Every DeletionPolicy member must be a string."},
        {"Resources: {A: {Type: 'AWS::X::Y', DeletionPolicy: !Ref 'AWS::Region'}}\n",
         FORMAT "Every DeletionPolicy member must be a string."},
        {"Resources: {A: {Type: 'AWS::X::Y', DeletionPolicy: Snapshot}}\n",
         "Template error: resource type AWS::X::Y does not support deletion policy Snapshot"},
        {"Resources: {A: {Type: 'AWS::X::Y', UpdateReplacePolicy: RetainExceptOnCreate}}\n",
         "Template error: Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource A"},
        {"Resources: {A: {Type: 'AWS::X::Y', CreationPolicy: {Wait: 1}}}\n",
         FORMAT "Unrecognized CreationPolicy Wait for resource A"},
        {"Resources: {A: {Type: 'AWS::X::Y', UpdatePolicy: a}}\n",
         FORMAT "Any UpdatePolicy member must be a JSON object."},
        /* parameters */
        {R "Parameters: {P-Q: {Type: String}}\n", FORMAT "Parameter name P-Q is non alphanumeric."},
        {R "Parameters: {P: String}\n", FORMAT "[/Parameters/P] parameter definition is malformed"},
        {R "Parameters: {P: {Default: a}}\n", FORMAT "Every Parameters object must contain a Type member."},
        {R "Parameters: {P: {Type: Text}}\n", FORMAT "Unrecognized parameter type: Text"},
        {R "Parameters: {P: {Type: String, Defualt: a}}\n", "Invalid template parameter property 'Defualt'"},
        {R "Parameters: {P: {Type: String, Default: [a]}}\n",
         FORMAT "Every Default member must be a string."},
        {R "Parameters: {P: {Type: String, Default: !Ref 'AWS::Region'}}\n",
         FORMAT "Every Default member must be a string."},
        {R "Parameters: {P: {Type: String, AllowedValues: a}}\n",
         FORMAT "Every AllowedValues member must be a list."},
        {R "Parameters: {P: {Type: String, AllowedValues: [[a]]}}\n",
         FORMAT "Every AllowedValues entry must be a string."},
        {R "Parameters: {P: {Type: String, MinLength: many}}\n",
         FORMAT "Parameter 'P': MinLength must be a number."},
        /* mappings */
        {R "Mappings: {M_1: {a: {b: c}}}\n", FORMAT "Mappings name M_1 is non alphanumeric."},
        {R "Mappings: {M: a}\n", FORMAT "[/Mappings/M] mapping definition is malformed"},
        {R "Mappings: {M: {a: b}}\n", FORMAT "[/Mappings/M/a] mapping definition is malformed"},
        {R "Mappings: {M: {a: {b_c: d}}}\n",
         FORMAT "Mappings attribute name 'b_c' must contain only alphanumeric characters, '-' or '.'."},
        {R "Mappings: {M: {a: {b: {c: d}}}}\n",
         FORMAT "Every Mappings attribute must be a String or a List."},
        {R "Mappings: {M: {a: {b: !Ref 'AWS::Region'}}}\n",
         FORMAT "Every Mappings attribute must be a String or a List."},
        /* conditions */
        {R "Conditions: {C: true}\n",
         FORMAT "Conditions member C must be a condition function: Fn::And, Fn::Equals, "
                "Fn::Not, Fn::Or or Condition."},
        {R "Conditions: {C: !Ref 'AWS::Region'}\n",
         FORMAT "Conditions member C must be a condition function: Fn::And, Fn::Equals, Fn::Not, Fn::Or or "
                "Condition."},
        /* rules */
        {R "Rules: {R: {}}\n", FORMAT "Rule R must have a list of Assertions."},
        {R "Rules: {R: {Assertions: [{}]}}\n",
         FORMAT "Every member of the Assertions of rule R must have an Assert."},
        {R "Rules: {R: {Assertions: [{Assert: !Equals [a, a], Say: b}]}}\n",
         "Invalid template rule property 'Say'"},
        {R "Rules: {R: {Condition: a, Assertions: [{Assert: !Equals [a, a]}]}}\n",
         "Invalid template rule property 'Condition'"},
        /* outputs */
        {R "Outputs: {O_1: {Value: a}}\n", FORMAT "Outputs name O_1 is non alphanumeric."},
        {R "Outputs: {O: a}\n", FORMAT "[/Outputs/O] output definition is malformed"},
        {R "Outputs: {O: {Description: a}}\n", FORMAT "Every Outputs member must contain a Value object"},
        {R "Outputs: {O: {Value: [a]}}\n",
         FORMAT "The Value field of every Outputs member must evaluate to a String and not a List."},
        {R "Outputs: {O: {Value: {a: b}}}\n",
         FORMAT "The Value field of every Outputs member must evaluate to a String."},
        {R "Outputs: {O: {Value: a, Exports: {Name: b}}}\n", "Invalid template output property 'Exports'"},
        {R "Outputs: {O: {Value: a, Export: b}}\n",
         FORMAT "Output O is malformed. Its Export must have a Name."},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(refusal(cases[i][0]), cases[i][1]);
}

/* A resource with this property, and what it can refer to. */
static const char *with_property(const char *value)
{
    return arena_printf(
               &arena,
               "Parameters: {P: {Type: String, Default: a}, L: {Type: CommaDelimitedList, Default: 'a,b'}}\n"
               "Mappings: {M: {a: {b: c}}}\n"
               "Conditions: {C: !Equals [!Ref P, a], D: !Not [!Condition C]}\n"
               "Resources:\n"
               "  R: {Type: 'AWS::X::Y', Properties: {p: %s}}\n"
               "  S: {Type: 'AWS::DynamoDB::Table'}\n"
               "  N: {Type: 'AWS::CloudFormation::Stack'}\n"
               "  Off: {Type: 'AWS::X::Y', Condition: D}\n",
               value)
        .ptr;
}

#define JOIN                                                                                                 \
    "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list "  \
    "of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be "       \
    "joined."
#define SPLIT                                                                                                \
    "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a "      \
    "string to be split or a function that returns a string to be split."
#define SELECT                                                                                               \
    "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
#define FIND                                                                                                 \
    "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the "   \
    "attribute for return value"
#define GET_ATT                                                                                              \
    "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the "  \
    "resource attribute"
#define SUB                                                                                                  \
    "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "   \
    "string as first argument, and an optional second argument to specify a mapping of values to replace "   \
    "in the string"
#define VARIABLE                                                                                             \
    "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "           \
    "underscores, periods, and colons"
#define UNSUPPORTED(name)                                                                                    \
    "Template error: Encountered unsupported function: " name                                                \
    " Supported functions are: [Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, "  \
    "Fn::FindInMap, Fn::Select, Ref, Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, "              \
    "Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, "        \
    "Fn::Sub, Fn::Cidr]"
#define UNRESOLVED(names)                                                                                    \
    FORMAT "Unresolved resource dependencies [" names "] in the Resources block of the template"

static void wrong_functions_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"!Ref Nobody", UNRESOLVED("Nobody")},
        {"[!Ref Nobody, !Ref Nowhere, {a: !Ref Nobody}]", UNRESOLVED("Nobody, Nowhere")},
        {"!Ref AWS::Nothing", UNRESOLVED("AWS::Nothing")},
        {"!Ref [a]", "Template error: every Ref object must have a single String value."},
        {"!Ref Off", UNRESOLVED("Off")},
        {"!If [C, !Ref Off, a]", UNRESOLVED("Off")},
        {"!GetAtt Nobody.Arn", "Template error: instance of Fn::GetAtt references undefined resource Nobody"},
        {"!GetAtt P.Arn", "Template error: instance of Fn::GetAtt references undefined resource P"},
        {"!GetAtt S", GET_ATT},
        {"!GetAtt S.", GET_ATT},
        {"!GetAtt ['', Arn]", GET_ATT},
        {"!GetAtt [S, Arn, x]", GET_ATT},
        {"!GetAtt S.Colour",
         "Template error: resource S does not support attribute type Colour in Fn::GetAtt"},
        {"!GetAtt N.Output",
         "Template error: resource N does not support attribute type Output in Fn::GetAtt"},
        {"!Sub '${Nobody}'", UNRESOLVED("Nobody")},
        {"!Sub '${Nobody.Arn}'",
         "Template error: instance of Fn::Sub references invalid resource attribute Nobody.Arn"},
        {"!Sub '${S.Colour}'",
         "Template error: resource S does not support attribute type Colour in Fn::GetAtt"},
        {"!Sub '${a-b}'", VARIABLE},
        {"!Sub '${}'", VARIABLE},
        {"!Sub {a: b}", SUB},
        {"!Sub ['x', {a: b}, c]", SUB},
        {"!Sub ['x', y]", SUB},
        {"!Sub [[x], {a: b}]", SUB},
        {"!Sub ['${L}', {a: b}]", "Template error: Fn::Sub: ${L} does not resolve to a string"},
        {"!Join '-'", JOIN},
        {"!Join ['-', x]", JOIN},
        {"!Join [!Ref P, [x]]", JOIN},
        {"!Join ['-', [{a: b}]]", JOIN},
        {"!Join ['-', !Ref P]", JOIN},
        {"!Split ['', a]", SPLIT},
        {"!Split [',', [a]]", SPLIT},
        {"!Split [',', !Ref L]", SPLIT},
        {"!Select [0]", SELECT},
        {"!Select [a, [b]]", SELECT},
        {"!Select [0, !Ref P]", SELECT},
        {"!Select [3, [a, b]]", "Template error: Fn::Select cannot select nonexistent value at index 3"},
        {"!Select [-1, !Ref L]", "Template error: Fn::Select cannot select nonexistent value at index -1"},
        {"!FindInMap [M, a]", FIND},
        {"!FindInMap [M, a, [b]]", FIND},
        {"!FindInMap [M, a, b, {DefaultValue: c}]", FIND},
        {"!FindInMap [M, !Sub a, b]", FIND},
        {"!FindInMap [X, a, b]",
         "Template error: Mapping named 'X' is not present in the 'Mappings' section of template."},
        {"!FindInMap [!Ref P, a, b]",
         "Template error: Mapping named 'a' is not present in the 'Mappings' section of template."},
        {"!FindInMap [M, x, b]", "Template error: Unable to get mapping for M::x::b"},
        {"!FindInMap [M, !Ref P, x]", "Template error: Unable to get mapping for M::a::x"},
        {"!If [C, a]", "Template error: Fn::If requires a list argument with three elements"},
        {"!If [X, a, b]", "Template error: unresolved condition dependency X in Fn::If"},
        {"!Equals [a, b]", "Template error: Fn::Equals cannot be partially collapsed"},
        {"!Contains [[a], a]", "Template error: Cannot use Fn::Contains outside of Rules."},
        {"!Base64 [a]", "Template error: every Fn::Base64 object must have a String-typed value."},
        {"!GetAZs [a]", "Template error: every Fn::GetAZs object must have a String-typed value."},
        {"!ImportValue [a]", "Template error: every Fn::ImportValue object must have a String-typed value."},
        {"!ImportValue {Ref: S}", "Template error: the attribute in Fn::ImportValue must not depend on any "
                                  "resources, imported values, or "
                                  "Fn::GetAZs"},
        {"!ImportValue {'Fn::Sub': '${S.Arn}-x'}", "Template error: the attribute in Fn::ImportValue must "
                                                   "not depend on any resources, imported values, or "
                                                   "Fn::GetAZs"},
        {"!Cidr [10.0.0.0/16]",
         "Template error: every Fn::Cidr object requires two or three parameters, (1) a CIDR "
         "block, (2) the number of CIDRs to generate and (3) optionally the number of subnet "
         "bits."},
        {"!Cidr [10.0.0.0/24, 6, 8]",
         "Template error: Fn::Cidr: the block 10.0.0.0/24 has no room for 6 of /24"},
        {"!Cidr [10.0.0/24, 1, 8]", "Template error: Fn::Cidr: the first parameter must be a CIDR block"},
        {"!Cidr [10.0.0.0/24, 257, 1]",
         "Template error: Fn::Cidr: the number of CIDRs must be between 1 and 256"},
        {"!Length [a]", UNSUPPORTED("Fn::Length")},
        {"!ToJsonString {a: b}", UNSUPPORTED("Fn::ToJsonString")},
        {"!Nothing a", UNSUPPORTED("Fn::Nothing")},
        {"{'Fn::ForEach::X': [a, [b], {c: d}]}", "Template error: Fn::ForEach::X is not available here"},
        {"!Transform {Name: 'AWS::Include'}", "Template error: Fn::Transform is not available here"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(refusal(with_property(cases[i][0])), cases[i][1]);
    assert_string_equal(refusal(with_property("!If [D, !Ref Off, !GetAtt S.Arn]")), "");
    assert_string_equal(refusal(with_property("!Select [0, !GetAtt N.Outputs.X]")), "");
}

static void wrong_references_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"Resources:\n  A: {Type: 'AWS::X::Y', DependsOn: B}\n", UNRESOLVED("B")},
        {"Resources:\n  A: {Type: 'AWS::X::Y', Metadata: {a: !Ref B}}\n", UNRESOLVED("B")},
        {"Resources:\n  A: {Type: 'AWS::X::Y', Condition: C}\n",
         FORMAT "Unresolved condition dependencies [C] in the Resources block of the template"},
        {"Resources:\n  A: {Type: 'AWS::X::Y', DependsOn: A}\n",
         "Circular dependency between resources: [A]"},
        {"Resources:\n  A: {Type: 'AWS::X::Y', DependsOn: B}\n  B: {Type: 'AWS::X::Y', Properties: {p: [{q: "
         "!Ref "
         "C}]}}\n  C: {Type: 'AWS::X::Y', Properties: {p: !Sub '${A}'}}\n  D: {Type: 'AWS::X::Y'}\n",
         "Circular dependency between resources: [A, B, C]"},
        {R "Outputs: {O: {Value: !Ref B}}\n",
         FORMAT "Unresolved resource dependencies [B] in the Outputs block of the template"},
        {R "Outputs: {O: {Value: a, Condition: C}}\n",
         FORMAT "Unresolved condition dependencies [C] in the Outputs block of the template"},
        {R "Conditions: {C: !Equals [!Ref A, b]}\n", FORMAT
         "Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template"},
        {R "Conditions: {C: !Equals [!GetAtt A.B, b]}\n",
         "Template error: Cannot use Fn::GetAtt in Conditions."},
        {R "Conditions: {C: !Equals [!ImportValue a, b]}\n",
         "Template error: Cannot use Fn::ImportValue in Conditions."},
        {R "Conditions: {C: !Not [!Condition D]}\n",
         FORMAT "Unresolved condition dependencies [D] in the Conditions block of the template"},
        {R "Conditions: {C: !Not [!Condition D], D: !Or [!Condition C, !Equals [a, b]]}\n",
         "Template error: Circular dependency between conditions: [C, D]"},
        {R "Conditions: {C: !And [!Equals [a, b]]}\n", "Template error: every Fn::And object requires a list "
                                                       "of at least 2 and at most 10 boolean parameters."},
        {R "Conditions: {C: !Or [!Equals [a, b], a]}\n",
         "Template error: every Fn::Or object requires a list of at least 2 and at most 10 boolean "
         "parameters."},
        {R "Conditions: {C: !Not [a]}\n",
         "Template error: every Fn::Not object requires one boolean parameter."},
        {R "Conditions: {C: !Equals [a]}\n",
         "Template error: every Fn::Equals object requires a list of 2 string parameters."},
        {R "Rules: {R: {Assertions: [{Assert: !Equals [!Ref A, b]}]}}\n",
         FORMAT "Unresolved resource dependencies [A] in the Rules block of the template"},
        {R "Rules: {R: {Assertions: [{Assert: !Equals [!Sub a, b]}]}}\n",
         "Template error: Cannot use Fn::Sub in Rules."},
        {R "Rules: {R: {Assertions: [{Assert: !Contains [a, b]}]}}\n",
         "Template error: every Fn::Contains, Fn::EachMemberEquals and Fn::EachMemberIn object requires two "
         "parameters, a list of strings and what is asked of them"},
        {R "Rules: {R: {Assertions: [{Assert: !Equals [!ValueOf [P, VpcId], b]}]}}\n",
         "Template error: instance of Fn::ValueOf references undefined parameter P"},
        {R "Transform: 'AWS::Serverless-2016-10-31'\n",
         "Transform AWS::Serverless-2016-10-31 is not available here."},
        {R "Transform: [AWS::LanguageExtensions, Mine]\n", "No transform named Mine found."},
        {R "Transform: {Name: 'AWS::Include', Parameters: {Location: x}}\n",
         "Transform AWS::Include is not available here."},
        {R "Transform: [[a]]\n", FORMAT "Transform must be the name of a macro, or a list of them."},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(refusal(cases[i][0]), cases[i][1]);
}

/* A template whose section has so many members. */
static const char *many(const char *section, const char *member, int count)
{
    struct buffer text;

    buffer_init(&text);
    if (strcmp(section, "Resources") != 0)
        buffer_append_string(&text, R);
    buffer_printf(&text, "%s:\n", section);
    for (int i = 0; i < count; i++)
        buffer_printf(&text, "  X%d: %s\n", i, member);
    const char *copy = arena_copy(&arena, buffer_slice(&text)).ptr;
    buffer_finish(&text);
    return copy;
}

static void counts_and_lengths_are_bounded(void **state)
{
    static const struct {
        const char *section, *member, *many;
        int limit;
    } cases[] = {
        {"Resources", "{Type: 'AWS::X::Y'}", "resources", 500},
        {"Parameters", "{Type: String, Default: a}", "parameters", 200},
        {"Mappings", "{a: {b: c}}", "mappings", 200},
        {"Outputs", "{Value: a}", "outputs", 200},
        {"Conditions", "!Equals [a, b]", "conditions", 2000},
    };
    struct slice x = SLICE("");
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int limit = cases[i].limit;
        assert_string_equal(refusal(many(cases[i].section, cases[i].member, limit)), "");
        assert_string_equal(refusal(many(cases[i].section, cases[i].member, limit + 1)),
                            arena_printf(&arena,
                                         FORMAT "Number of %s, %d, is greater than maximum allowed, %d",
                                         cases[i].many, limit + 1, limit)
                                .ptr);
    }
    for (int i = 0; i < 1024; i++)
        x = arena_printf(&arena, "%.*sx", SLICE_ARGS(x));
    assert_string_equal(refusal(arena_printf(&arena, R "Description: %s\n", x.ptr).ptr), "");
    assert_string_equal(refusal(arena_printf(&arena, R "Description: %sy\n", x.ptr).ptr),
                        FORMAT "'Description' length is greater than 1024.");
    assert_string_equal(
        refusal(arena_printf(&arena, "Resources:\n  ? %.255s\n  : {Type: 'AWS::X::Y'}\n", x.ptr).ptr), "");
    assert_non_null(
        strstr(refusal(arena_printf(&arena, "Resources:\n  ? %.256s\n  : {Type: 'AWS::X::Y'}\n", x.ptr).ptr),
               "is longer than 255 characters"));
}

/* Where a problem is, when the sentence does not say it. */
static void places_are_told(void **state)
{
    struct problems problems;
    (void)state;

    assert_null(open_text(with_property("{a: [x, !Join '-']}"), NULL, NULL, &problems));
    assert_true(slice_is(problems.places[0], "Resources.R.Properties.p.a[1]"));
    assert_null(open_text(with_property("{a: [x, !Ref Nobody]}"), NULL, NULL, &problems));
    assert_true(slice_is(problems.places[0], "Resources.R.Properties.p.a[1]"));
    assert_null(open_text(with_property("{a: !Select [7, !Ref L]}"), NULL, NULL, &problems));
    assert_true(slice_is(problems.places[0], "Resources.R.Properties.p.a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(right_templates_are_taken),
        ARENA_TEST(wrong_sections_are_refused),
        ARENA_TEST(wrong_members_are_refused),
        ARENA_TEST(wrong_functions_are_refused),
        ARENA_TEST(wrong_references_are_refused),
        ARENA_TEST(counts_and_lengths_are_bounded),
        ARENA_TEST(places_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

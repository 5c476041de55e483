/* The properties whose change needs another resource are properties that there are. */
#include "deploy/recreation.h"
#include "deploy/properties.h"
#include "deploy/resource_type.h"

#include "lib/unit_arena.h"

static const struct {
    const char *type, *property;
} listed[] = {
#define X(type, property, when) {type, property},
#include "deploy/recreation.def"
#undef X
};

static void listed_properties_exist(void **state)
{
    size_t checked = 0;
    (void)state;

    for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
        const struct resource_type *type = resource_type_find(slice_of(listed[i].type));
        assert_non_null(type);
        if (type->recorded)
            continue;
        const struct property *property = type->properties->members;
        while (property->name != NULL && strcmp(property->name, listed[i].property) != 0)
            property++;
        if (property->name == NULL)
            fail_msg("%s has no %s", listed[i].type, listed[i].property);
        checked++;
    }
    assert_true(checked > 40);
}

static enum recreation recreation(const char *type, const char *property)
{
    const struct resource resource = {.type = slice_of(type), .kind = resource_type_find(slice_of(type))};

    return recreation_of(&resource, slice_of(property));
}

static void others_change_in_place(void **state)
{
    (void)state;
    assert_int_equal(recreation("AWS::DynamoDB::Table", "KeySchema"), RECREATION_ALWAYS);
    assert_int_equal(recreation("AWS::DynamoDB::Table", "AttributeDefinitions"), RECREATION_CONDITIONALLY);
    assert_int_equal(recreation("AWS::DynamoDB::Table", "BillingMode"), RECREATION_NEVER);
    assert_int_equal(recreation("AWS::Lambda::Function", "FunctionName"), RECREATION_ALWAYS);
    assert_int_equal(recreation("AWS::Lambda::Function", "Handler"), RECREATION_NEVER);
    assert_int_equal(recreation("AWS::X::Y", "Name"), RECREATION_NEVER);
    assert_int_equal(recreation("AWS::CloudFormation::Stack", "TemplateURL"), RECREATION_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {ARENA_TEST(listed_properties_exist),
                                       ARENA_TEST(others_change_in_place)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

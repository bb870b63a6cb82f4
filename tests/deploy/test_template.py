"""What template.yaml promises: the hook first, least rights, logs that end, an alarm for each."""

import json
import re
import tomllib
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from housekeeping.app import JOBS
from infra import deploy
from infra.modules import MODULES
from local import housekeeping
from migrations.runner import expected_head
from nexus.settings import LARGEST_UPLOAD, SettingInvalid, Settings, settings
from tests.deploy.templates import ROOT, resources, template
from tests.support.stack import kernel

FUNCTIONS = resources("AWS::Serverless::Function")
ROLES = resources("AWS::IAM::Role")
LOG_GROUPS = resources("AWS::Logs::LogGroup")
BUCKETS = {name: one["Properties"] for name, one in resources("AWS::S3::Bucket").items()}
BUCKET = BUCKETS["Attachments"]
LAMBDA_LEVELS = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}


def named(suffix: str, among: dict[str, dict[str, Any]]) -> Any:
    return among[suffix]["Properties"]


def test_the_hook_is_asked_for_this_codes_revision() -> None:
    (hook,) = resources("Custom::Migrated").values()
    assert hook["Properties"]["Revision"] == expected_head()
    assert hook["Properties"]["ServiceTimeout"] == 900


def test_the_hook_answers_before_cloudformation_gives_up() -> None:
    hook = resources("Custom::Migrated")["Migrated"]["Properties"]
    assert FUNCTIONS["MigrationsFunction"]["Properties"]["Timeout"] < hook["ServiceTimeout"]


def test_every_other_function_waits_for_the_hook() -> None:
    waiting = {name for name, found in FUNCTIONS.items() if found.get("DependsOn") == "Migrated"}
    assert waiting == FUNCTIONS.keys() - {"MigrationsFunction"}


def test_every_module_has_a_function_that_the_gateway_may_invoke() -> None:
    permissions = resources("AWS::Lambda::Permission")
    for module in MODULES:
        function = FUNCTIONS[f"{module.title()}Function"]["Properties"]
        assert function["Handler"] == f"{module}.app.handler"
        allowed = permissions[f"{module.title()}Permission"]["Properties"]["FunctionName"]
        assert allowed == {"Ref": f"{module.title()}Function.Alias"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_role_and_a_log_group_of_its_own(name: str) -> None:
    stem = name.removesuffix("Function")
    properties = FUNCTIONS[name]["Properties"]
    assert properties["Role"] == {"Fn::GetAtt": f"{stem}Role.Arn"}
    assert properties["LoggingConfig"] == {"LogGroup": {"Ref": f"{stem}Logs"}}
    assert "RetentionInDays" in named(f"{stem}Logs", LOG_GROUPS)
    assert f"{stem}Logs.Arn" in json.dumps(named(f"{stem}Role", ROLES))


@pytest.mark.parametrize("name", ROLES)
def test_a_role_allows_no_action_or_resource_by_a_star(name: str) -> None:
    for policy in ROLES[name]["Properties"].get("Policies", []):
        text = json.dumps(policy)
        assert '"Resource": "*"' not in text
        assert ":*" not in text


@pytest.mark.parametrize(
    ("name", "place"),
    [(module.title(), "ProxyId}/nexus_app") for module in MODULES]
    + [("Housekeeping", "ProxyId}/nexus_housekeeping")]
    + [("Migrations", "ClusterResourceId}/nexus_master")],
)
def test_a_function_may_connect_as_its_own_database_role_only(name: str, place: str) -> None:
    policies = json.dumps(ROLES[f"{name}Role"]["Properties"]["Policies"])
    assert policies.count("rds-db:connect") == 1
    assert f"${{Database.Outputs.{place}" in policies


def test_functions_behind_the_gateway_end_before_it_gives_up() -> None:
    assert template()["Globals"]["Function"]["Timeout"] <= 29
    for module in MODULES:
        assert "Timeout" not in FUNCTIONS[f"{module.title()}Function"]["Properties"]


def test_a_release_that_changes_a_layer_or_a_setting_alone_is_published() -> None:
    assert template()["Globals"]["Function"]["AutoPublishAlias"] == "live"
    for name, function in FUNCTIONS.items():
        assert function["Properties"].get("AutoPublishAliasAllProperties") is True, name


@pytest.mark.parametrize("level", template()["Parameters"]["LogLevel"]["AllowedValues"])
def test_every_log_level_that_is_offered_is_taken(level: str) -> None:
    with kernel(NEXUS_DATABASE_URL="postgresql://nowhere/none", NEXUS_LOG_LEVEL=level):
        assert settings().log_level == level
    lambdas = template()["Globals"]["Function"]["LoggingConfig"]["ApplicationLogLevel"]
    condition, translated, as_it_is = lambdas["Fn::If"]
    assert template()["Conditions"][condition] == {"Fn::Equals": [{"Ref": "LogLevel"}, "WARNING"]}
    assert (translated, as_it_is) == ("WARN", {"Ref": "LogLevel"})
    assert level in LAMBDA_LEVELS or level == "WARNING"


def test_each_job_has_its_schedule_and_each_schedule_its_job() -> None:
    schedules = [one["Properties"] for one in resources("AWS::Scheduler::Schedule").values()]
    deployed = {
        json.loads(schedule["Target"]["Input"])["job"]: schedule["ScheduleExpression"]
        for schedule in schedules
    }
    assert deployed == {name: job.schedule for name, job in JOBS.items()}
    assert len(deployed) == len(schedules)


def test_a_job_may_take_as_long_here_as_there() -> None:
    assert FUNCTIONS["HousekeepingFunction"]["Properties"]["Timeout"] == housekeeping.SECONDS


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_private_encrypted_kept_and_cleans_up(name: str) -> None:
    bucket = BUCKETS[name]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert "BucketEncryption" in bucket
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert len(bucket["LifecycleConfiguration"]["Rules"]) == 2
    assert template()["Resources"][name]["DeletionPolicy"] == "Retain"
    denied = json.dumps(template()["Resources"][f"{name}Policy"])
    assert '"aws:SecureTransport": "false"' in denied


def test_pages_of_the_apis_origins_alone_send_forms_to_the_bucket() -> None:
    condition, rules, otherwise = BUCKET["CorsConfiguration"]["Fn::If"]
    assert (condition, otherwise) == ("HasCors", {"Ref": "AWS::NoValue"})
    (rule,) = rules["CorsRules"]
    assert rule["AllowedOrigins"] == {"Fn::Split": [",", {"Ref": "CorsOrigins"}]}
    assert rule["AllowedMethods"] == ["POST", "GET"]


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("ProjectsRole", ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]),
        ("HousekeepingRole", "s3:DeleteObject"),
    ],
)
def test_two_roles_reach_attachments_and_only_objects_of_that_bucket(
    role: str, actions: object
) -> None:
    reaching = {name for name, one in ROLES.items() if "s3:" in json.dumps(one)}
    assert reaching == {"ProjectsRole", "HousekeepingRole"}
    policies = ROLES[role]["Properties"]["Policies"]
    (policy,) = (one for one in policies if one.get("PolicyName") == "attachments")
    objects, whole = policy["PolicyDocument"]["Statement"]
    assert objects["Action"] == actions
    assert objects["Resource"] == {"Fn::Sub": "${Attachments.Arn}/*"}
    assert (whole["Action"], whole["Resource"]) == (
        "s3:ListBucket",
        {"Fn::GetAtt": "Attachments.Arn"},
    )


def test_one_role_writes_exported_events_and_none_deletes_them() -> None:
    (policy,) = (
        (name, policy["PolicyDocument"]["Statement"])
        for name, role in ROLES.items()
        for policy in role["Properties"].get("Policies", [])
        if "AuditEvents" in json.dumps(policy)
    )
    assert policy == (
        "HousekeepingRole",
        [
            {
                "Effect": "Allow",
                "Action": ["s3:PutObject", "s3:GetObject"],
                "Resource": {"Fn::Sub": "${AuditEvents.Arn}/*"},
            }
        ],
    )
    variables = FUNCTIONS["HousekeepingFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["NEXUS_AUDIT_BUCKET"] == {"Ref": "AuditEvents"}


def test_attachments_are_as_large_there_as_here_at_most() -> None:
    parameter = template()["Parameters"]["AttachmentMaxBytes"]
    with kernel(NEXUS_DATABASE_URL="postgresql://nowhere/none"):
        assert settings().attachment_max_bytes == parameter["Default"]
    assert parameter["MaxValue"] == LARGEST_UPLOAD
    variables = FUNCTIONS["ProjectsFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["NEXUS_ATTACHMENT_MAX_BYTES"] == {"Ref": "AttachmentMaxBytes"}
    assert variables["NEXUS_ATTACHMENTS_BUCKET"] == {"Ref": "Attachments"}


def test_the_proxy_takes_iam_over_tls_only() -> None:
    proxy = resources("AWS::RDS::DBProxy", "infra/database.yaml")["Proxy"]["Properties"]
    assert proxy["RequireTLS"] is True
    assert proxy["DefaultAuthScheme"] == "IAM_AUTH"
    assert "Auth" not in proxy  # nobody's password


def test_no_function_but_the_hook_is_given_a_password_in_aws() -> None:
    for name, function in FUNCTIONS.items():
        if name != "MigrationsFunction":
            assert "password" not in json.dumps(function).lower(), name
    assert "password" not in json.dumps(template()["Globals"]).lower()


def test_the_database_is_not_deleted_by_mistake() -> None:
    cluster = resources("AWS::RDS::DBCluster", "infra/database.yaml")["Cluster"]
    assert cluster["Properties"]["DeletionProtection"] is True
    assert cluster["DeletionPolicy"] == "Snapshot"
    for stack in ("Network", "Database"):  # a network with a database in it cannot be deleted
        assert template()["Resources"][stack]["DeletionPolicy"] == "Retain"


def test_what_rds_logs_ends_too() -> None:
    """RDS takes a group of that name that is there, and makes one without an end otherwise."""
    database = template("infra/database.yaml")["Resources"]
    for group, writer, name in (
        ("ClusterLogs", "Writer", "/aws/rds/cluster/${Cluster}/postgresql"),
        ("ProxyLogs", "Proxy", "/aws/rds/proxy/${AWS::StackName}"),
    ):
        properties = database[group]["Properties"]
        assert properties["LogGroupName"] == {"Fn::Sub": name}
        assert properties["RetentionInDays"] == {"Ref": "LogRetention"}
        assert database[writer]["DependsOn"] == group
    assert database["Standby"]["DependsOn"] == "Writer"
    assert database["Proxy"]["Properties"]["DBProxyName"] == {"Ref": "AWS::StackName"}
    given = template()["Resources"]["Database"]["Properties"]["Parameters"]
    assert given["LogRetention"] == {"Ref": "LogRetention"}


def test_the_instances_of_the_database_are_alike() -> None:
    """Database Insights asks for it, and a version stays only where no instance is upgraded."""
    instances = resources("AWS::RDS::DBInstance", "infra/database.yaml").values()
    for name, value in {
        "EnablePerformanceInsights": True,
        "AutoMinorVersionUpgrade": False,
    }.items():
        assert [each["Properties"].get(name) for each in instances] == [value] * 2


def test_metrics_and_alarms_find_the_api_by_its_name() -> None:
    named = {"Ref": "AWS::StackName"}
    assert template()["Resources"]["Api"]["Properties"]["Name"] == named
    assert template("infra/api.yaml")["info"]["title"] == named
    assert template()["Resources"]["Monitoring"]["Properties"]["Parameters"]["Name"] == named
    alarms = resources("AWS::CloudWatch::Alarm", "infra/monitoring.yaml").values()
    apis = [
        dimension["Value"]
        for alarm in alarms
        for dimension in alarm["Properties"].get("Dimensions", [])
        if dimension["Name"] == "ApiName"
    ]
    assert apis
    assert all(api == {"Ref": "Name"} for api in apis)


def test_what_logs_are_by_is_said_once() -> None:
    assert "POWERTOOLS_SERVICE_NAME" not in (ROOT / "template.yaml").read_text()


def test_what_the_access_log_tells_is_json_and_names_nobody() -> None:
    settings = template()["Resources"]["Api"]["Properties"]["AccessLogSetting"]["Fn::If"][1]
    told = json.loads(settings["Format"])
    assert told["route"] == "$context.resourcePath"
    # A path has ids and a query has words that somebody searched for.
    assert not {"$context.path", "$context.identity.userAgent"} & set(told.values())


@pytest.mark.parametrize("name", ["Network", "Database", "Edge", "Monitoring"])
def test_a_nested_stack_is_given_what_it_asks_for(name: str) -> None:
    stack = template()["Resources"][name]["Properties"]
    asked = template(stack["TemplateURL"])["Parameters"]
    given = stack["Parameters"]
    assert given.keys() <= asked.keys()
    assert {n for n, one in asked.items() if "Default" not in one} <= given.keys()


@pytest.mark.parametrize("name", ["staging", "production"])
def test_an_environment_sets_what_the_template_has(name: str) -> None:
    said = tomllib.loads((ROOT / "samconfig.toml").read_text())[name]
    parameters = template()["Parameters"]
    for override in said["deploy"]["parameters"]["parameter_overrides"]:
        parameter, _, value = override.partition("=")
        allowed = parameters[parameter].get("AllowedValues")
        assert allowed is None or value in map(str, allowed)
    assert deploy.environment(name) == said["global"]["parameters"]


@pytest.mark.parametrize("name", ["AdminEmail", "Zones"])
def test_what_somebody_has_to_say_is_refused_where_nobody_has(name: str) -> None:
    assert f'"{name}=' in (ROOT / "samconfig.toml").read_text()
    assert not re.fullmatch(template()["Parameters"][name]["AllowedPattern"], "?")


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        (None, True),
        ("REVIEW_IN_PROGRESS", True),
        ("CREATE_FAILED", True),
        ("UPDATE_FAILED", True),  # the second try of a first deployment
        ("CREATE_COMPLETE", False),
        ("UPDATE_ROLLBACK_COMPLETE", False),
    ],
)
def test_what_a_first_deployment_made_is_kept_when_it_fails(
    status: str | None, *, kept: bool
) -> None:
    stack = {"StackStatus": status} if status else {}
    assert deploy.options(stack) == ["--disable-rollback"] * kept


def test_that_nobody_is_told_of_alarms_is_said() -> None:
    topic = {"ParameterKey": "AlarmTopic", "ParameterValue": ""}
    (remark,) = deploy.remarks({"Parameters": [topic]})
    assert "AlarmTopic" in remark
    topic["ParameterValue"] = "arn:aws:sns:us-east-1:123456789012:alarms"
    assert deploy.remarks({"Parameters": [topic]}) == []


def test_an_environment_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(deploy.NoSuchEnvironment, match=r"ENV is 'prod'; .* staging, production"):
        deploy.environment("prod")


def test_a_stack_that_may_not_be_asked_about_is_not_one_that_is_missing() -> None:
    known: Any = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    stacks: Any = boto3.Session(region_name="eu-north-1", **known).client("cloudformation")
    with Stubber(stacks) as answers:
        answers.add_client_error("describe_stacks", "ValidationError")
        assert deploy.described(stacks, "nexus") == {}
        answers.add_client_error("describe_stacks", "ExpiredToken")
        with pytest.raises(ClientError, match="ExpiredToken"):
            deploy.described(stacks, "nexus")


@pytest.mark.parametrize(
    "name", ["SESSION_IDLE_SECONDS", "SESSION_LIFETIME_SECONDS", "TENANTS_PER_DAY",
             "SIGN_UPS_PER_HOUR", "ATTACHMENT_MAX_BYTES"],
)  # fmt: skip
def test_a_parameter_takes_what_the_functions_take(name: str) -> None:
    parameter = template()["Parameters"][name.title().replace("_", "")]
    lowest, highest = parameter["MinValue"], parameter["MaxValue"]

    def taken(value: int | None) -> Settings:
        given = {} if value is None else {f"NEXUS_{name}": str(value)}
        with kernel(NEXUS_DATABASE_URL="postgresql://nowhere/none", **given):
            return settings()

    assert taken(parameter["Default"]) == taken(None)
    for value in (lowest, highest):
        taken(value)
    for value in (lowest - 1, highest + 1):
        with pytest.raises(SettingInvalid, match=name):
            taken(value)


def test_nothing_leads_out_of_the_network_but_the_way_to_s3() -> None:
    kinds = {r["Type"] for r in template("infra/network.yaml")["Resources"].values()}
    assert not kinds & {"AWS::EC2::NatGateway", "AWS::EC2::InternetGateway", "AWS::EC2::Route"}
    (endpoint,) = resources("AWS::EC2::VPCEndpoint", "infra/network.yaml").values()
    assert endpoint["Properties"]["VpcEndpointType"] == "Gateway"
    assert "PolicyDocument" not in endpoint["Properties"]  # what a role may do is in its role


def test_every_function_is_watched() -> None:
    alarms = template("infra/monitoring.yaml")["Resources"]
    for name, function in FUNCTIONS.items():
        suffix = function["Properties"]["FunctionName"]["Fn::Sub"].partition("}-")[2]
        for alarm in ("FunctionErrors", "FunctionThrottles"):
            assert f"${{Name}}-{suffix}" in json.dumps(alarms[alarm]), name


def test_what_watches_also_shows() -> None:
    (dashboard,) = resources("AWS::CloudWatch::Dashboard", "infra/monitoring.yaml").values()
    body = json.loads(dashboard["Properties"]["DashboardBody"]["Fn::Sub"])
    assert len(body["widgets"]) >= 6

"""Starts ministack 1.5.33 with what it lacks of AWS, as far as our template needs it, put in from outside.

Each gap says what AWS does; none changes what is deployed.
"""

import json
import os
import re

import athena_gaps
from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime, tls
from ministack.services import apigateway, athena, lambda_svc
from ministack.services import stepfunctions as states
from ministack.services.cloudformation import provisioners


def close_error_names():
    """A Node function's error has its name as errorType, which Retry and Catch match; ministack's worker says "Error"."""
    said = 'status: "error", error: String(err.message || err)'
    if said not in lambda_runtime._NODEJS_WORKER_SCRIPT:
        raise RuntimeError("the Node worker of this ministack is another")
    named = (
        'status: "error", error: "\\u0001" + ((err && err.name) || "Error") + "\\u0001" + '
        "String(err && err.message || err)"
    )
    lambda_runtime._NODEJS_WORKER_SCRIPT = lambda_runtime._NODEJS_WORKER_SCRIPT.replace(said, named)
    execute = lambda_svc._execute_function_warm

    def execute_named(*args, **kwargs):
        result = execute(*args, **kwargs)
        body = result.get("body") if result.get("error") else None
        if isinstance(body, dict) and str(body.get("errorMessage", "")).startswith("\x01"):
            _, body["errorType"], body["errorMessage"] = body["errorMessage"].split("\x01", 2)
        return result

    lambda_svc._execute_function_warm = execute_named


def close_assign():
    """Expressions of one Assign all see the values from before it (Step Functions guide, "Passing data with variables")."""
    assign = states._apply_state_assign

    def assign_at_once(state, given, context, *args, **kwargs):
        if context is None:
            return
        after = {**context.setdefault("variables", {})}
        for name, template in (state.get("Assign") or {}).items():
            alone = {**context, "variables": {**context["variables"]}}
            assign({**state, "Assign": {name: template}}, given, alone, *args, **kwargs)
            after[name] = alone["variables"].get(name)
        context["variables"].update(after)

    states._apply_state_assign = assign_at_once


def close_resources_of_calls():
    """Service Authorization Reference: an answer to a token is asked of its state machine, and what is done with a query of
    the query's work group. ministack knows neither from the call, and asks of "*".
    """
    machines = {}
    arguments = states._apply_jsonata_arguments
    resource_of = iam_actions.extract_resource_arn

    def arguments_noted(state, given, context, *args, **kwargs):
        token = context.get("Task", {}).get("Token")
        if token:
            machines[token] = context["StateMachine"]["Id"]
        return arguments(state, given, context, *args, **kwargs)

    def resource_of_call(service, method, path, headers, body, *args, **kwargs):
        if service == "states" and b"taskToken" in (body or b""):
            return machines.get(json.loads(body).get("taskToken"), "*")
        if service == "athena" and b"QueryExecutionId" in (body or b""):
            query = athena._executions.get(json.loads(body).get("QueryExecutionId"))
            return athena._arn_workgroup(query["WorkGroup"]) if query else "*"
        return resource_of(service, method, path, headers, body, *args, **kwargs)

    states._apply_jsonata_arguments = arguments_noted
    iam_actions.extract_resource_arn = resource_of_call


def close_principal_arn():
    """aws:PrincipalArn of a session is its role's ARN (IAM guide, "Global condition keys"); ministack gives the session's."""
    resolve = iam_evaluator._resolve_condition_key

    def resolve_role(key, context):
        value = resolve(key, context)
        if key.lower() != "aws:principalarn":
            return value
        return re.sub(r"^arn:(\S+?):sts::(\d+):assumed-role/([^/]+)/.*$", r"arn:\1:iam::\2:role/\3", value)

    iam_evaluator._resolve_condition_key = resolve_role


def close_tls():
    """The gateway serves https only; ministack asks for its own user pool's keys in http, and takes port 443 too."""
    resolve = apigateway._resolve_jwks_url

    async def resolve_https(authorizer):
        url = await resolve(authorizer)
        return re.sub("^http:", "https:", url) if url else url

    apigateway._resolve_jwks_url = resolve_https
    app._port_is_bindable = lambda host, port: False
    certificate, _ = tls.resolve_tls_material()
    os.environ["SSL_CERT_FILE"] = certificate


def close_pool_url():
    """A user pool's ProviderURL is https:// and its ProviderName (CloudFormation reference, AWS::Cognito::UserPool)."""
    attributes = provisioners._cognito_user_pool_attributes

    def with_url(pool_id):
        named = attributes(pool_id)
        return {**named, "ProviderURL": f"https://{named['ProviderName']}"}

    provisioners._cognito_user_pool_attributes = with_url


def close_metric_math():
    """An alarm may watch an expression (Metrics); ministack refuses such a template. Now it keeps it, and never rings it."""
    record = provisioners._cw_metric_alarm_record

    def record_any(name, properties):
        if not properties.get("Metrics"):
            return record(name, properties)
        kept = {key: value for key, value in properties.items() if key != "Metrics"}
        return record(name, {**kept, "Namespace": "Judge/NotEvaluated", "MetricName": name})

    provisioners._cw_metric_alarm_record = record_any


def close_number_parameters():
    """A property of type Integer is one, though a template's parameter is text; ministack's poller stumbles over "2"."""
    concurrency = lambda_svc._sqs_esm_concurrency

    def concurrency_of(mapping, *args, **kwargs):
        scaling = mapping.get("ScalingConfig") or {}
        if "MaximumConcurrency" in scaling:
            scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
        return concurrency(mapping, *args, **kwargs)

    lambda_svc._sqs_esm_concurrency = concurrency_of


def tell_denials():
    """No gap: says every denial on one line, so that a judge can see who was refused what."""
    enforce = iam_evaluator.enforce

    def enforce_aloud(access_key, action, *args, **kwargs):
        denied = enforce(access_key, action, *args, **kwargs)
        if isinstance(denied, iam_evaluator.EvalResult):
            print("DENIED", action, kwargs.get("resource_arn", "*"), denied.principal_arn, flush=True)
        return denied

    iam_evaluator.enforce = enforce_aloud


tell_denials()
close_number_parameters()
close_metric_math()
close_pool_url()
close_error_names()
close_assign()
close_principal_arn()
close_resources_of_calls()
athena_gaps.close_athena_tasks()
athena_gaps.close_unload()
athena_gaps.close_tables()
close_tls()
app.main()

"""Thousands of generated requests to every operation of the API, single and in sequence, on production adapters."""

from tests.support.openapi_traffic import PHASES, document_at, send_traffic, traffic_plan
from tests.torture.invariants import Broken, Violation
from tests.torture.stage import SEED, Findings, Stage

EXAMPLES = 300


def contract(stage: Stage) -> Findings:
    """Responses to valid and invalid requests match the OpenAPI document."""
    findings = Findings("contract")
    with stage.victim("contract") as victim:
        plan = traffic_plan(max_examples=stage.times(EXAMPLES), phases=PHASES, seed=SEED)
        traffic = send_traffic(document_at(victim.deployment.api.url or "", plan), victim.deployment.token)
        findings.figures |= {
            "operations": len(traffic.operations),
            "requests": traffic.cases,
            "server_errors": traffic.server_errors,
        }
        findings.violations += [
            Violation(Broken.CONTRACT, f"{failure}\n{request}") for failure, request in traffic.failures.items()
        ]
    return findings

"""The vocabulary of a scripted run: what the model says and does, and what its tools answer."""

from dataclasses import dataclass, field
from typing import Any, Dict, List, Tuple


@dataclass(frozen=True)
class Say:
    """The model answers with text; `finish` is its finish reason."""

    text: str
    reasoning: int = 0
    finish: str = "stop"


@dataclass(frozen=True)
class Use:
    """The model calls a tool, which answers `result`, or fails with it when `fails`."""

    tool: str
    arguments: Dict[str, Any]
    result: str
    reasoning: int = 0
    fails: bool = False


@dataclass(frozen=True)
class Both:
    """The model calls several tools in one reply."""

    uses: Tuple[Use, ...]


@dataclass(frozen=True)
class Hand:
    """The model hands the conversation to another agent."""

    to: str


@dataclass(frozen=True)
class Refuse:
    """The endpoint answers with an HTTP error."""

    status: int
    message: str


@dataclass(frozen=True)
class Turn:
    """What the user says, and the steps up to the final answer."""

    user: str
    steps: List[Any]


@dataclass(frozen=True)
class Script:
    """One conversation: each turn of it becomes one trace."""

    name: str
    turns: List[Turn]
    max_turns: int = 12


@dataclass(frozen=True)
class Role:
    """An agent: its model, instructions, tools and the agents it may hand over to."""

    name: str
    model: str
    instructions: str
    tools: List[str] = field(default_factory=list)
    hands_to: List[str] = field(default_factory=list)


@dataclass(frozen=True)
class Family:
    """A service with its agents (the first starts) and the conversations it holds."""

    service: str
    file: str
    roles: List[Role]
    scripts: List[Script]

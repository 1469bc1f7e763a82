// Replicas that talk to each other in memory: what they agree on.
import Testing

@testable import Replica

@Suite struct ReplicaTests {}

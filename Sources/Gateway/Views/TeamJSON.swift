// Teams and divisions as JSON; parts in ten-thousandths, amounts in nano-credits.
import JSON
import Ledger
import Primitives

extension JSONWriter {
    mutating func write(_ team: Team) {
        object { object in
            object.member("lead", team.lead.hex)
            object.member("formed", team.isFormed)
            object.member("agreement", team.agreement.hex)
            object.member("since", quoted: team.since.nanoseconds)
            object.member("openTasks", quoted: team.openTasks)
            let parts = team.members.reduce(UInt32(0)) { $0 + min($1.part, Team.whole) }
            object.member("leadPart", Team.whole - min(parts, Team.whole))
            object.key("members")
            object.array { array in
                for member in team.members {
                    array.object {
                        $0.member("account", member.account.hex)
                        $0.member("part", member.part)
                        $0.member("speciality", member.speciality)
                        $0.member("joined", member.hasJoined)
                    }
                }
            }
        }
    }

    mutating func write(_ division: Division) {
        object { object in
            object.member("task", division.task.hex)
            object.member("lead", division.lead.hex)
            object.member("open", division.isOpen)
            object.member("leadPaid", quoted: division.leadPaid.nanoCredits)
            object.key("shares")
            object.array { array in
                for share in division.shares {
                    array.object {
                        $0.member("account", share.account.hex)
                        $0.member("part", share.part)
                        $0.member("paid", quoted: share.paid.nanoCredits)
                    }
                }
            }
        }
    }
}

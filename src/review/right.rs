//! What each role may do: the table of rights, in one place.

use super::{Case, Role};
use crate::model::CaseState;

/// One thing that a person may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// See how many cases there are, and the figures.
    SeeCounts,
    /// See the cases of one's departments, masked.
    SeeCases,
    /// See the cases whose release waits for a second person.
    SeeProposed,
    /// See the cases under an incident or a legal hold.
    SeeIncidents,
    /// Take a case in hand, release, return or delete it.
    Decide,
    /// Give the second approval of a release.
    Approve,
    /// Write a remark on a case.
    Note,
    /// See the words round one finding, with a reason.
    RevealSnippet,
    /// See a whole message, with a reason.
    RevealMessage,
    /// Set and lift a legal hold.
    HoldLegally,
    /// Open an incident, and keep the register.
    OpenIncident,
    /// Read the audit trail of others than oneself.
    ReadTrail,
    /// Take the audit trail, the register and evidence out.
    ExportTrail,
    /// Check that the audit trail is whole.
    VerifyTrail,
    /// Set rules and keys, and manage accounts.
    Configure,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 15] = [
        Self::SeeCounts,
        Self::SeeCases,
        Self::SeeProposed,
        Self::SeeIncidents,
        Self::Decide,
        Self::Approve,
        Self::Note,
        Self::RevealSnippet,
        Self::RevealMessage,
        Self::HoldLegally,
        Self::OpenIncident,
        Self::ReadTrail,
        Self::ExportTrail,
        Self::VerifyTrail,
        Self::Configure,
    ];
}

impl Role {
    /// Whether this role has a right. Whoever runs the mail system or verifies never reaches content.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        use Right::{
            Approve, Configure, Decide, ExportTrail, HoldLegally, Note, OpenIncident, ReadTrail,
            RevealMessage, RevealSnippet, SeeCases, SeeCounts, SeeIncidents, SeeProposed, VerifyTrail,
        };
        match self {
            Self::Admin => matches!(right, SeeCounts | VerifyTrail | Configure),
            Self::Archivist => matches!(
                right,
                SeeCounts
                    | SeeCases
                    | SeeProposed
                    | Decide
                    | Approve
                    | Note
                    | RevealSnippet
                    | RevealMessage
                    | OpenIncident
            ),
            Self::Approver => matches!(right, SeeProposed | Approve | Note | RevealSnippet),
            Self::Compliance => matches!(
                right,
                SeeCounts
                    | SeeIncidents
                    | Note
                    | RevealSnippet
                    | RevealMessage
                    | HoldLegally
                    | OpenIncident
                    | ReadTrail
                    | ExportTrail
                    | VerifyTrail
            ),
            Self::Auditor => matches!(
                right,
                SeeCounts | SeeCases | SeeProposed | SeeIncidents | ReadTrail | ExportTrail | VerifyTrail
            ),
        }
    }
}

impl Role {
    /// Whether this role sees a case at all, content aside: approvers see what waits for approval, compliance what is under a
    /// legal hold or came to be an incident.
    #[must_use]
    pub fn sees(self, case: &Case) -> bool {
        self.may(Right::SeeCases)
            || (self.may(Right::SeeProposed) && case.state == CaseState::ToApprove)
            || (self.may(Right::SeeIncidents) && case.is_watched())
    }
}

#[cfg(test)]
mod tests {
    use super::{Right, Role};

    /// One letter a role, as in [`Role::ALL`]: archivist, approver, admin, compliance, auditor.
    #[test]
    fn every_cell_of_the_table_is_as_written() {
        let table = [
            (Right::SeeCounts, "y-yyy"),
            (Right::SeeCases, "y---y"),
            (Right::SeeProposed, "yy--y"),
            (Right::SeeIncidents, "---yy"),
            (Right::Decide, "y----"),
            (Right::Approve, "yy---"),
            (Right::Note, "yy-y-"),
            (Right::RevealSnippet, "yy-y-"),
            (Right::RevealMessage, "y--y-"),
            (Right::HoldLegally, "---y-"),
            (Right::OpenIncident, "y--y-"),
            (Right::ReadTrail, "---yy"),
            (Right::ExportTrail, "---yy"),
            (Right::VerifyTrail, "--yyy"),
            (Right::Configure, "--y--"),
        ];
        assert_eq!(table.len(), Right::ALL.len());
        for (right, row) in table {
            let told: String = Role::ALL.iter().map(|role| if role.may(right) { 'y' } else { '-' }).collect();
            assert_eq!(told, row, "{right:?}");
        }
    }
}

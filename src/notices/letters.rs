//! One notice for each thing that becomes of a message.

use super::paragraphs::{Writer, is_urgent, join, personal};
use super::when::moment;
use crate::model::{NoticeKind, NoticeOrder};

impl Writer<'_> {
    pub(super) fn subject(&self, order: &NoticeOrder) -> String {
        let key = self.key(&format!("{}-subject", order.kind.name()), is_urgent(order));
        let moment = moment(self.language, order.sent_at, self.now);
        self.language.say(&key, &[("moment", moment.into()), ("case", order.case.to_string().into())])
    }

    pub(super) fn many_subject(&self, orders: &[NoticeOrder]) -> String {
        match orders.iter().find(|order| is_urgent(order)) {
            Some(urgent) => self.subject(urgent),
            None => self.language.say("warned-many-subject", &[("count", orders.len().into())]),
        }
    }

    /// The paragraphs of a notice about one message.
    pub(super) fn single(&self, order: &NoticeOrder) -> Vec<String> {
        match order.kind {
            NoticeKind::Held => self.held(order),
            NoticeKind::Warned => self.warned(order),
            NoticeKind::Released => self.released(order),
            NoticeKind::Returned => self.returned(order),
            NoticeKind::Deleted => self.deleted(order),
        }
    }

    fn held(&self, order: &NoticeOrder) -> Vec<String> {
        let opening =
            [self.sent("held-opening", order), self.recipients(order), self.language.plain("held-kept")];
        let deadline = order.deadline.map(|deadline| self.at("held-deadline", deadline));
        vec![
            join(opening, " "),
            self.language.plain("held-hurry"),
            self.why(&[order]),
            self.found(order),
            self.advice("todo-heading", &[order]),
            self.disagree(order),
            deadline.unwrap_or_default(),
        ]
    }

    fn warned(&self, order: &NoticeOrder) -> Vec<String> {
        let opening = self.key("warned-opening", is_urgent(order));
        let heading = self.key("next-heading", is_urgent(order));
        let mut paragraphs = vec![
            self.sent(&opening, order),
            self.why(&[order]),
            self.found(order),
            self.advice(&heading, &[order]),
        ];
        paragraphs.extend(self.reminders(&[order]));
        paragraphs
    }

    pub(super) fn many(&self, orders: &[NoticeOrder]) -> Vec<String> {
        let all: Vec<&NoticeOrder> = orders.iter().collect();
        let urgent = orders.iter().any(is_urgent);
        let heading = self.key("next-heading", urgent);
        let mut paragraphs: Vec<String> = orders
            .iter()
            .filter(|order| is_urgent(order))
            .map(|it| self.sent("warned-opening-crise", it))
            .collect();
        paragraphs.push(self.language.say("warned-many-opening", &[("count", orders.len().into())]));
        paragraphs.push(self.list(orders));
        paragraphs.push(self.why(&all));
        paragraphs.push(self.advice(&heading, &all));
        paragraphs.extend(self.reminders(&all));
        paragraphs
    }

    fn released(&self, order: &NoticeOrder) -> Vec<String> {
        let record = personal(order).then(|| self.language.plain("keep-record"));
        let encrypted = order.encrypted.then(|| self.language.plain("released-encrypted"));
        vec![
            self.sent("released-opening", order),
            encrypted.unwrap_or_default(),
            self.reason(order),
            record.unwrap_or_default(),
        ]
    }

    fn returned(&self, order: &NoticeOrder) -> Vec<String> {
        let expired = order.reason.is_none() && order.deadline.is_some_and(|deadline| deadline <= self.now);
        let (opening, why) = match expired {
            true => ("returned-expired-opening", self.language.plain("returned-expired-why")),
            false => ("returned-opening", self.reason(order)),
        };
        vec![
            self.sent(opening, order),
            why,
            self.language.plain("returned-resend"),
            self.why(&[order]),
            self.found(order),
            self.advice("todo-heading", &[order]),
            self.language.plain("returned-phone"),
        ]
    }

    fn deleted(&self, order: &NoticeOrder) -> Vec<String> {
        let appeal = self.language.say("deleted-appeal", &[("case", order.case.to_string().into())]);
        vec![self.sent("deleted-opening", order), self.reason(order), self.why(&[order]), appeal]
    }
}

//! What a page says when it cannot do as asked: one calm sentence, and what to do.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// Why a request is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Nobody is signed in: the page to sign in follows.
    SignedOut,
    /// The password was made by someone else: the page to change it follows.
    MustChange,
    /// The role does not allow it.
    Forbidden,
    /// Nothing of that name.
    NotFound,
    /// The form does not come from our own page, or from another session.
    Foreign,
    /// The request names another host.
    Misdirected,
    /// The form cannot be read.
    Unreadable,
    /// The case's rules refuse, in their own words.
    Refused(String),
    /// Someone was faster; says who and when.
    Conflict(String),
    /// The code that was asked for again is not good.
    NotProved,
    /// Too many tries.
    TooMany,
    /// The store or the key does not answer.
    Unavailable,
}

impl Problem {
    /// The key of its texts, in `problem-KEY` and `problem-KEY-do`.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::SignedOut | Self::MustChange => "signed-out",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Foreign => "foreign",
            Self::Misdirected => "misdirected",
            Self::Unreadable => "unreadable",
            Self::Refused(_) => "refused",
            Self::Conflict(_) => "conflict",
            Self::NotProved => "not-proved",
            Self::TooMany => "too-many",
            Self::Unavailable => "unavailable",
        }
    }

    /// Its HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut | Self::MustChange => StatusCode::SEE_OTHER,
            Self::Forbidden | Self::Foreign | Self::NotProved => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The bare answer; the gate puts the page around it.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::SignedOut => Redirect::to("/sign-in").into_response(),
            Self::MustChange => Redirect::to("/account").into_response(),
            problem => {
                let mut response = problem.status().into_response();
                response.extensions_mut().insert(problem);
                response
            }
        }
    }
}

//! The page size and the position that a list request asks for.

use crate::model::{self, Check};
use crate::wire::{ApiError, Request, key_of_token};

/// The size of a page if the caller does not give one: the maximum.
const DEFAULT_PAGE: usize = 100;

/// `MaxResults`, or the default.
pub(super) fn page_size(check: &mut Check, request: &Request) -> Result<usize, ApiError> {
    let asked = check.integer("maxResults", &model::MAX_RESULTS, request.query("MaxResults"))?;
    Ok(asked.and_then(|asked| usize::try_from(asked).ok()).unwrap_or(DEFAULT_PAGE))
}

/// The position in `NextToken`. Finishes the check.
pub(super) fn position<const PARTS: usize>(
    mut check: Check,
    request: &Request,
) -> Result<Option<[String; PARTS]>, ApiError> {
    let token = request.query("NextToken");
    check.text("nextToken", &model::NEXT_TOKEN, token)?;
    check.finish()?;
    // The wording is our choice: the service's was not recorded.
    let invalid = || ApiError::validation("Invalid NextToken.");
    token.map(|token| key_of_token(token).ok_or_else(invalid)).transpose()
}

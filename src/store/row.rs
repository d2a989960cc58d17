//! Rows that are read by the names of their columns.

/// Declares a row: a field of each column, of the column's name.
macro_rules! row {
    ($(#[$about:meta])* $seen:vis struct $name:ident { $($open:vis $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        $seen struct $name { $($open $field: $kind,)* }

        impl sqlx::FromRow<'_, sqlx::any::AnyRow> for $name {
            fn from_row(row: &sqlx::any::AnyRow) -> sqlx::Result<Self> {
                Ok(Self { $($field: sqlx::Row::try_get(row, stringify!($field))?,)* })
            }
        }
    };
}
pub(super) use row;

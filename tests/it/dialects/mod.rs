//! The dialects that come with causerie, held against what real servers were heard to say.

mod odoo;
mod replay;

"""The theme of the page: Gradio's own parts in the colours and fonts of ``page.css``."""

from __future__ import annotations

import gradio as gr

FONT = ("system-ui", "-apple-system", "'Segoe UI'", "Roboto", "'Liberation Sans'", "sans-serif")
FONT_MONO = ("ui-monospace", "'SF Mono'", "Menlo", "Consolas", "'Liberation Mono'", "monospace")


def theme() -> gr.themes.Base:
    """Returns the theme.

    Its colours are the variables of ``page.css``, which change with ``body.dark``; so light
    and dark are told apart in one place only, and no font is fetched.
    """
    look = gr.themes.Base(
        primary_hue="zinc",
        secondary_hue="zinc",
        neutral_hue="zinc",
        font=FONT,
        font_mono=FONT_MONO,
        radius_size="sm",
    )
    for name, value in _VALUES.items():
        if not hasattr(look, name):
            raise ValueError(f"Gradio has no theme variable {name!r}; mend theme.py")
        setattr(look, name, value)
        if hasattr(look, f"{name}_dark"):
            setattr(look, f"{name}_dark", value)
    # Gradio's tick is white in either mode, and the accent of dark mode is light.
    look.checkbox_background_color_selected_dark = "var(--line-strong)"
    look.checkbox_border_color_selected_dark = "var(--line-strong)"
    return look


_VALUES = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--ink-soft)",
    "background_fill_primary": "var(--panel)",
    "background_fill_secondary": "var(--sunk)",
    "border_color_primary": "var(--line)",
    "border_color_accent": "var(--accent)",
    "border_color_accent_subdued": "var(--line)",
    "color_accent": "var(--accent)",
    "color_accent_soft": "var(--accent-soft)",
    "link_text_color": "var(--accent)",
    "link_text_color_active": "var(--accent)",
    "link_text_color_hover": "var(--accent)",
    "link_text_color_visited": "var(--accent)",
    "code_background_fill": "var(--sunk)",
    "block_background_fill": "var(--panel)",
    "block_border_color": "var(--line)",
    "block_border_width": "1px",
    "block_info_text_color": "var(--ink-soft)",
    "block_label_background_fill": "var(--panel)",
    "block_label_border_color": "var(--line)",
    "block_label_text_color": "var(--ink-soft)",
    "block_label_text_weight": "500",
    "block_title_text_color": "var(--ink)",
    "block_title_text_weight": "500",
    "block_radius": "var(--radius)",
    "block_shadow": "none",
    "container_radius": "var(--radius)",
    "input_radius": "var(--radius)",
    "table_radius": "var(--radius)",
    "button_large_radius": "var(--radius)",
    "button_large_text_weight": "500",
    "button_medium_radius": "var(--radius)",
    "button_medium_text_weight": "500",
    "button_small_radius": "var(--radius)",
    "button_small_text_weight": "500",
    "block_label_shadow": "none",
    "panel_background_fill": "var(--panel)",
    "panel_border_color": "var(--line)",
    "accordion_text_color": "var(--ink)",
    "table_text_color": "var(--ink)",
    "table_border_color": "var(--line)",
    "table_even_background_fill": "var(--panel)",
    "table_odd_background_fill": "var(--panel)",
    "table_row_focus": "var(--accent-soft)",
    "stat_background_fill": "var(--accent)",
    "loader_color": "var(--accent)",
    "slider_color": "var(--accent)",
    "shadow_drop": "none",
    "shadow_drop_lg": "0 4px 16px var(--shade)",
    "shadow_inset": "none",
    "input_background_fill": "var(--panel)",
    "input_background_fill_focus": "var(--panel)",
    "input_background_fill_hover": "var(--panel)",
    "input_border_color": "var(--line-strong)",
    "input_border_color_focus": "var(--accent)",
    "input_border_color_hover": "var(--ink-soft)",
    "input_border_width": "1px",
    "input_placeholder_color": "var(--ink-soft)",
    "input_shadow": "none",
    "input_shadow_focus": "none",
    "checkbox_background_color": "var(--panel)",
    "checkbox_background_color_focus": "var(--panel)",
    "checkbox_background_color_hover": "var(--panel)",
    "checkbox_background_color_selected": "var(--accent)",
    "checkbox_border_color": "var(--line-strong)",
    "checkbox_border_color_focus": "var(--accent)",
    "checkbox_border_color_hover": "var(--ink-soft)",
    "checkbox_border_color_selected": "var(--accent)",
    "checkbox_label_background_fill": "var(--panel)",
    "checkbox_label_background_fill_hover": "var(--sunk)",
    "checkbox_label_background_fill_selected": "var(--accent-soft)",
    "checkbox_label_border_color": "var(--line)",
    "checkbox_label_border_color_hover": "var(--line-strong)",
    "checkbox_label_text_color": "var(--ink)",
    "checkbox_label_text_color_selected": "var(--ink)",
    "checkbox_label_shadow": "none",
    "button_border_width": "1px",
    "button_transform_active": "none",
    "button_transform_hover": "none",
    "button_primary_background_fill": "var(--accent)",
    "button_primary_background_fill_hover": "var(--accent-strong)",
    "button_primary_border_color": "var(--accent)",
    "button_primary_border_color_hover": "var(--accent-strong)",
    "button_primary_text_color": "var(--accent-ink)",
    "button_primary_text_color_hover": "var(--accent-ink)",
    "button_primary_shadow": "none",
    "button_primary_shadow_active": "none",
    "button_primary_shadow_hover": "none",
    "button_secondary_background_fill": "var(--panel)",
    "button_secondary_background_fill_hover": "var(--sunk)",
    "button_secondary_border_color": "var(--line-strong)",
    "button_secondary_border_color_hover": "var(--ink-soft)",
    "button_secondary_text_color": "var(--ink)",
    "button_secondary_text_color_hover": "var(--ink)",
    "button_secondary_shadow": "none",
    "button_secondary_shadow_active": "none",
    "button_secondary_shadow_hover": "none",
    "button_cancel_background_fill": "var(--panel)",
    "button_cancel_background_fill_hover": "var(--sunk)",
    "button_cancel_border_color": "var(--bad)",
    "button_cancel_border_color_hover": "var(--bad)",
    "button_cancel_text_color": "var(--bad)",
    "button_cancel_text_color_hover": "var(--bad)",
    "button_cancel_shadow": "none",
    "button_cancel_shadow_active": "none",
    "button_cancel_shadow_hover": "none",
    "error_background_fill": "var(--panel)",
    "error_border_color": "var(--bad)",
    "error_icon_color": "var(--bad)",
    "error_text_color": "var(--bad)",
}

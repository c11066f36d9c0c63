import { Stack } from '@strapi/icons';

export const PanelIcon = () => <Stack />;

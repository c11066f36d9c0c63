import { Link } from 'react-router-dom';
import { styled } from 'styled-components';

/** A way to another page of the panel, in the panel's colour and size. */
export const PageLink = styled(Link)`
  color: ${({ theme }) => theme.colors.primary600};
  font-size: 1.4rem;
  line-height: 1.43;
  text-decoration: none;
  white-space: nowrap;

  &:hover {
    text-decoration: underline;
  }
`;
